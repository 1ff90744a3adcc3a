import type { EpochMs } from "../../domain/clock.js";
import { termHours } from "../../domain/commitment-request/common.js";
import type { CustomRequest } from "../../domain/commitment-request/custom.js";
import type { IdempotencyContract } from "../../domain/idempotency-contract.js";
import type { Sighting } from "../../providers/commitment-provider.js";
import type { PurchasePermit } from "../../providers/purchase-permit.js";
import { type Compared, comparedOf, type ListedAttribute, laneOf } from "./custom-line.js";

/** One commitment that exists in the simulated cloud. */
export interface LedgerEntry {
  readonly commitmentId: string;
  /** The token of the permit under which the request was sent: what the oracle counts by, whatever the label says. */
  readonly token: string;
  readonly account: string;
  /** What was bought and where, as `offeringOf` gives it. */
  readonly offering: string;
  /** As `laneOf` gives it. */
  readonly lane: string;
  readonly quantity: number;
  /** When its request was written ahead, as the permit says; for what somebody else bought, when it landed. */
  readonly submittedAt: EpochMs;
  readonly landedAt: EpochMs;
  /** One per request that took effect; several entries share it where the cloud split a purchase. */
  readonly requestId: string;
  /** Whether money was owed for it at any time: so of what has ended or is unclear, and not of what is void. */
  readonly live: boolean;
  /** The state that the cloud shows; absent where it shows none, which means `live`. */
  readonly sighting?: Sighting;
}

/** A commitment with what only the cloud knows. */
export interface Commitment extends Compared, Omit<LedgerEntry, "live" | "sighting"> {
  /** The name or token under which the request went out: the line's token, or one derived from it for a retry. */
  readonly name: string;
  readonly reference: string;
  readonly visibleFrom: EpochMs;
  /** When its term is over. */
  readonly endsAt: EpochMs;
  /** The contract of the provider that sent the request. */
  readonly sentUnder: IdempotencyContract;
  readonly label: string | undefined;
  /** The state that was set. */
  readonly sighting: Sighting | undefined;
  /** What listings do not state of it. */
  readonly leftOut: ReadonlySet<ListedAttribute>;
}

/** What is bought, and under which token and name. */
export interface Order extends Pick<PurchasePermit<CustomRequest>, "request" | "token" | "prepared" | "submittedAt"> {
  readonly name: string;
  readonly sentUnder: IdempotencyContract;
}

/** Where and when one commitment of an order lands. */
export interface Landing {
  readonly commitmentId: string;
  readonly requestId: string;
  readonly quantity: number;
  readonly at: EpochMs;
  readonly lagMs: number;
}

/** What is void stays void, and what has ended was bought, whatever is set afterwards. */
export const isFinal = (sighting: Sighting | undefined): boolean =>
  sighting?.meaning === "void" || sighting?.meaning === "ended";

/** The commitment that an order becomes. */
export function commitmentOf(order: Order, { at, lagMs, ...landing }: Landing): Commitment {
  const { request, token, name, prepared, sentUnder, submittedAt } = order;
  return {
    ...landing,
    ...comparedOf(request),
    token,
    name,
    account: request.account,
    lane: laneOf(request),
    submittedAt,
    landedAt: at,
    reference: prepared.reference,
    visibleFrom: at + Math.min(lagMs, sentUnder.visibilityLagMs),
    endsAt: at + termHours(request.term) * 3_600_000,
    sentUnder,
    label: sentUnder.kind === "none" ? undefined : name,
    sighting: undefined,
    leftOut: new Set(),
  };
}

/** What the cloud shows of a commitment's state at a time: the state that was set, or that its term is over. */
export function sightingOf({ sighting, endsAt }: Commitment, now: EpochMs): Sighting | undefined {
  if (isFinal(sighting)) return sighting;
  return now >= endsAt && sighting?.meaning !== "pending" ? { meaning: "ended", state: "expired" } : sighting;
}

/** What the ledger shows of a commitment. */
export function entryOf(one: Commitment, now: EpochMs): LedgerEntry {
  const { commitmentId, token, account, offering, lane, quantity, submittedAt, landedAt, requestId } = one;
  const sighting = sightingOf(one, now);
  return {
    commitmentId,
    token,
    account,
    offering,
    lane,
    quantity,
    submittedAt,
    landedAt,
    requestId,
    live: sighting?.meaning !== "void",
    ...(sighting && { sighting }),
  };
}

/** Whether a request at this time is the one that made a commitment, by what the cloud dedupes. */
export function isDeduped(one: Commitment, { name, prepared }: Order, at: EpochMs): boolean {
  const { kind, windowMs } = one.sentUnder;
  const isRemembered = windowMs === null || at < one.landedAt + windowMs;
  if (kind === "native-token") return one.name === name && isRemembered;
  if (kind === "caller-named") return one.name === name;
  return kind === "server-minted" && one.reference === prepared.reference && isRemembered;
}
