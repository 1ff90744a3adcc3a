import type { CommitmentRequest } from "../domain/commitment-request/commitment-request.js";
import { BuyonceError, isBuyonceError, messageOf } from "../domain/errors.js";
import type { Prepared } from "../domain/evidence.js";
import type {
  CommitmentProvider,
  ExistingCommitment,
  ProviderContext,
  PurchaseOutcome,
} from "./commitment-provider.js";
import { type PurchasePermit, spendPermit } from "./purchase-permit.js";

/** Everything one attempt to buy one line needs. */
export interface PurchaseAttempt {
  readonly provider: CommitmentProvider;
  readonly request: CommitmentRequest;
  readonly token: string;
  /** `prepared` is set where an earlier request may still land: the very same request is then sent again. */
  readonly context: ProviderContext;
  /** Stores the write-ahead; only a won one gives a permit. */
  writeAhead(prepared: Prepared): Promise<WriteAheadResult>;
  /** Throws a `NOT_SENT` error unless the request may still leave. */
  beforeWire(permit: PurchasePermit): void;
}

/** `because` says who was first, or what has changed. */
export type WriteAheadResult =
  | { readonly kind: "won"; readonly permit: PurchasePermit }
  | { readonly kind: "lost"; readonly because: "lane" | "lineage" | "lease" | "changed" };

/** How an attempt ended. Money can have moved only in `found` and `sent`. */
export type AttemptResult =
  /** A commitment exists under the token already; nothing was sent. */
  | { readonly kind: "found"; readonly existing: ExistingCommitment }
  /** Refused for good before anything was sent. */
  | { readonly kind: "refused"; readonly error: BuyonceError }
  /** Nothing was sent; worth another try later. */
  | { readonly kind: "postponed"; readonly error: BuyonceError }
  /** The write-ahead was not ours to make; nothing was sent. */
  | { readonly kind: "lost"; readonly because: "lane" | "lineage" | "lease" | "changed" }
  /** The permit was spent; `outcome` says what came of it. */
  | { readonly kind: "sent"; readonly outcome: PurchaseOutcome };

/**
 * Buys one line at most once: guard, prepare, write ahead, send. The only caller of `purchase`.
 *
 * A failed lookup or preparation sends nothing. An error thrown by the store's write-ahead is thrown on: no permit, so
 * nothing was sent, but the write-ahead may be stored.
 */
export async function purchaseOnce(attempt: PurchaseAttempt): Promise<AttemptResult> {
  const guarded = await guard(attempt);
  if (guarded !== undefined) return guarded;
  const prepared = await prepare(attempt);
  if ("kind" in prepared) return prepared;
  const written = await attempt.writeAhead(prepared);
  if (written.kind === "lost") return written;
  return { kind: "sent", outcome: await send(attempt, written.permit) };
}

async function guard({ provider, request, token, context }: PurchaseAttempt): Promise<AttemptResult | undefined> {
  try {
    const existing = await provider.lookup(request, token, context);
    if (existing === undefined) return undefined;
    if (!namesCommitments(existing)) throw new TypeError("a commitment without an id was found");
    return { kind: "found", existing };
  } catch (thrown) {
    return failedBefore("LOOKUP_FAILED", "The cloud could not be asked for an existing commitment", thrown);
  }
}

async function prepare(attempt: PurchaseAttempt): Promise<Prepared | AttemptResult> {
  const { provider, request, token, context } = attempt;
  if (context.prepared !== undefined) return context.prepared;
  try {
    return checkedFor(provider, await provider.prepare(request, token, context));
  } catch (thrown) {
    return failedBefore("PREPARE_FAILED", "The purchase could not be prepared", thrown);
  }
}

function checkedFor(provider: CommitmentProvider, prepared: Prepared): Prepared {
  if (provider.idempotency.kind !== "none" && prepared.lane === undefined) return prepared;
  if (prepared.lane !== undefined && prepared.snapshot !== undefined && provider.inventory !== undefined)
    return prepared;
  throw new TypeError(`provider ${provider.service} needs a lane, a snapshot of it and an inventory`);
}

function failedBefore(code: "LOOKUP_FAILED" | "PREPARE_FAILED", what: string, thrown: unknown): AttemptResult {
  if (isBuyonceError(thrown)) return { kind: thrown.retryable ? "postponed" : "refused", error: thrown };
  return { kind: "postponed", error: new BuyonceError(code, `${what}: ${messageOf(thrown)}`, { cause: thrown }) };
}

async function send(attempt: PurchaseAttempt, permit: PurchasePermit): Promise<PurchaseOutcome> {
  spendPermit(permit);
  const wire = { opened: false, refusal: undefined as unknown };
  const beforeWire = () => {
    try {
      attempt.beforeWire(permit);
      wire.opened = true;
    } catch (thrown) {
      wire.refusal = thrown;
      throw thrown;
    }
  };
  try {
    attempt.beforeWire(permit);
  } catch (thrown) {
    return { kind: "not_sent", reason: messageOf(thrown) };
  }
  try {
    return believable(await attempt.provider.purchase(permit, { ...attempt.context, beforeWire }));
  } catch (thrown) {
    // Only a refusal with the wire never opened proves that nothing left; any other throw breaks the port's law and
    // may hide a purchase.
    const refused = !wire.opened && wire.refusal !== undefined && thrown === wire.refusal;
    return refused
      ? { kind: "not_sent", reason: messageOf(thrown) }
      : { kind: "unknown", reason: `the provider threw: ${messageOf(thrown)}` };
  }
}

const namesCommitments = ({ commitmentIds }: { readonly commitmentIds: readonly string[] }): boolean =>
  Array.isArray(commitmentIds) &&
  commitmentIds.length > 0 &&
  commitmentIds.every((id) => typeof id === "string" && id !== "");

/** A success that names nothing is no evidence of anything. */
function believable(outcome: PurchaseOutcome): PurchaseOutcome {
  if (outcome.kind !== "committed" || namesCommitments(outcome.commitment)) return outcome;
  return { kind: "unknown", reason: "the provider reported a commitment without an id" };
}
