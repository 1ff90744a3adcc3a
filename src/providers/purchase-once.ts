import type { CommitmentRequest } from "../domain/commitment-request/commitment-request.js";
import { BuyonceError, isBuyonceError, messageOf } from "../domain/errors.js";
import type { Prepared } from "../domain/evidence.js";
import type { CheckedProvider } from "./checked-provider.js";
import type {
  CommitmentProvider,
  ExistingCommitment,
  ProviderContext,
  PurchaseOutcome,
} from "./commitment-provider.js";
import { type PurchasePermit, spendPermit } from "./purchase-permit.js";

/** Everything one attempt to buy one line needs. */
export interface PurchaseAttempt {
  readonly provider: CheckedProvider;
  readonly request: CommitmentRequest;
  readonly token: string;
  /** `prepared` is set where an earlier request may still land: the very same request is then sent again. */
  readonly context: ProviderContext;
  /** The signal of the purchase call alone. Nobody knows what became of a purchase that is no longer waited for. */
  readonly sendSignal: AbortSignal;
  /** Prepares a resend once more before it is sent. It is refused if it is no longer sold, or sold at another price. */
  readonly checkAgain: boolean;
  /** Stores the write-ahead; only a won one gives a permit. */
  writeAhead(prepared: Prepared): Promise<WriteAheadResult>;
  /** Throws a `NOT_SENT` error unless the request may still leave. */
  beforeWire(permit: PurchasePermit): void;
  /** Gets an answer that came after the time of the call, whose outcome was then `unknown`. */
  onLateAnswer?(outcome: PurchaseOutcome): void;
}

/** `because` says who was first, or what has changed. */
export type WriteAheadResult =
  | { readonly kind: "won"; readonly permit: PurchasePermit }
  | { readonly kind: "lost"; readonly because: "lane" | "lineage" | "lease" | "changed" | "frozen" };

/** How an attempt ended. Money can have moved only in `found` and `sent`. */
export type AttemptResult =
  /** A commitment exists under the token already; nothing was sent. */
  | { readonly kind: "found"; readonly existing: ExistingCommitment }
  /** Refused for good before anything was sent. */
  | { readonly kind: "refused"; readonly error: BuyonceError }
  /** Nothing was sent; worth another try later. */
  | { readonly kind: "postponed"; readonly error: BuyonceError }
  /** The write-ahead was not ours to make; nothing was sent. */
  | { readonly kind: "lost"; readonly because: "lane" | "lineage" | "lease" | "changed" | "frozen" }
  /** The permit was spent; `outcome` says what came of it. */
  | { readonly kind: "sent"; readonly outcome: PurchaseOutcome };

/**
 * Buys one line at most once: guard, prepare, write ahead, send. The only caller of `purchase`.
 *
 * `provider` is a checked one (`checkedProvider`). A failed lookup or preparation sends nothing. An error thrown by the
 * store's write-ahead is thrown on. Without a permit nothing was sent, but the write-ahead may be stored.
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
    return existing === undefined ? undefined : { kind: "found", existing };
  } catch (thrown) {
    return failedBefore("LOOKUP_FAILED", "The cloud could not be asked for an existing commitment", thrown);
  }
}

async function prepare(attempt: PurchaseAttempt): Promise<Prepared | AttemptResult> {
  const { provider, request, token, context, checkAgain } = attempt;
  if (context.prepared !== undefined && !checkAgain) return context.prepared;
  try {
    const prepared = await provider.prepare(request, token, context);
    if (context.prepared === undefined) return prepared;
    checkUnchanged(provider, context.prepared, prepared);
    return context.prepared;
  } catch (thrown) {
    return failedBefore("PREPARE_FAILED", "The purchase could not be prepared", thrown);
  }
}

/** A resend is the very same request. So it may only go out if a fresh request would name the same offering. */
function checkUnchanged({ idempotency }: CommitmentProvider, sent: Prepared, fresh: Prepared): void {
  // An order id is minted anew with each preparation.
  if (idempotency.kind === "server-minted" || sent.reference === fresh.reference) return;
  throw new BuyonceError(
    "OFFERING_NOT_FOUND",
    `The offering ${sent.reference} that the first request named is not the one that is sold now, ${fresh.reference}.`,
    { details: { sent: sent.reference, found: fresh.reference } },
  );
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
    return await attempt.provider.purchase(permit, {
      ...attempt.context,
      signal: attempt.sendSignal,
      beforeWire,
      onLateAnswer: (outcome) => attempt.onLateAnswer?.(outcome),
    });
  } catch (thrown) {
    // Only a refusal before the wire was opened proves that nothing left. Any other throw breaks the port's law and may
    // hide a purchase.
    const refused = !wire.opened && wire.refusal !== undefined && thrown === wire.refusal;
    return refused
      ? { kind: "not_sent", reason: messageOf(thrown) }
      : { kind: "unknown", reason: `the provider threw: ${messageOf(thrown)}` };
  }
}
