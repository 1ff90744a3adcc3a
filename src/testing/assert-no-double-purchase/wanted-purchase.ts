import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { InputProblem } from "../../domain/input-problem.js";
import { offeringOf } from "../simulated-cloud/custom-line.js";
import type { Purchase } from "./purchase-on-ledger.js";

/** The fields of a wanted purchase by which a ledger's entry is compared. The account is required. */
export interface WantedFields {
  readonly service?: string | undefined;
  readonly account: string;
  readonly region?: string | undefined;
  readonly offering?: CommitmentFacts | undefined;
  /** What a simulator's ledger states: the cloud's own id of the offering. */
  readonly offeringId?: string | undefined;
  readonly quantity?: number | undefined;
  readonly hourlyCommitment?: string | undefined;
}

type CommitmentFacts = Readonly<Record<string, string | number | boolean>>;

/** A purchase that was wanted once: a line as it was submitted, or those of its fields that the ledger states. */
export type WantedPurchase = CommitmentRequest | WantedFields;

/** Whether a purchase may be the one that was wanted. Only what both state is compared. */
export function fits(purchase: Purchase, wanted: WantedPurchase): boolean {
  const { service, account, region, offering, offeringId, quantity, hourlyCommitment }: Partial<WantedFields> = wanted;
  return (
    same(purchase.service, service) &&
    same(purchase.account, account) &&
    same(purchase.region, region) &&
    same(purchase.offeringId, offeringId) &&
    same(purchase.quantity, quantity) &&
    same(amountOf(purchase.commitment), amountOf(hourlyCommitment)) &&
    same(purchase.offering, offering && region && offeringOf({ account, region, offering }))
  );
}

const same = (found: unknown, wanted: unknown): boolean =>
  found === undefined || wanted === undefined || found === wanted;

/** Ledgers may write `5.5` as `5.50`. */
const amountOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

/** The problems with the expected purchases: a list of objects, each with its account. */
export function wantedProblems(expected: unknown): readonly InputProblem[] {
  if (expected === undefined) return [];
  if (!Array.isArray(expected)) return [{ path: "options.expected", problem: "must be a list of lines" }];
  return expected.flatMap((wanted: unknown, at) =>
    typeof wanted === "object" && wanted !== null && "account" in wanted && typeof wanted.account === "string"
      ? []
      : [{ path: `options.expected.${at}`, problem: "must be a line, or at least state its account" }],
  );
}

/**
 * Gives as many purchases as possible a wanted one of their own, and returns the purchases that are left over.
 *
 * A wanted purchase may state little and fit several, so each newcomer may move earlier ones to others that they fit
 * (augmenting paths). A greedy choice could leave one over that was wanted.
 */
export function unwantedOf(purchases: readonly Purchase[], expected: readonly WantedPurchase[]): readonly Purchase[] {
  const takenBy = new Map<number, Purchase>();
  const place = (purchase: Purchase, tried: Set<number>): boolean =>
    expected.some((wanted, at) => {
      if (tried.has(at) || !fits(purchase, wanted)) return false;
      tried.add(at);
      const holder = takenBy.get(at);
      if (holder !== undefined && !place(holder, tried)) return false;
      takenBy.set(at, purchase);
      return true;
    });
  return purchases.filter((purchase) => !place(purchase, new Set()));
}
