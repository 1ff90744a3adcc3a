/** What a cloud's purchase call can dedupe by; see {@link IdempotencyContract}. */
export const CONTRACT_KINDS = ["native-token", "caller-named", "server-minted", "none"] as const;

/**
 * What a cloud's purchase call dedupes, declared by each adapter as data; the engine picks the protocol from it.
 *
 * - `native-token`: the call takes a client token; the same token again within `windowMs` buys nothing new.
 * - `caller-named`: the caller names the commitment; the cloud refuses a second one of that name.
 * - `server-minted`: the cloud mints an order id first; sending that id again buys nothing new.
 * - `none`: nothing is deduped, so each permit sends one request and doubt ends by waiting and looking.
 */
export interface IdempotencyContract {
  readonly kind: (typeof CONTRACT_KINDS)[number];
  /** How long the cloud remembers a token or order id, from its first use; `null` for ever, 0 under `none`. */
  readonly windowMs: number | null;
  /** How long after its write-ahead a request can still take effect, by the cloud's clock. */
  readonly maxRequestLifetimeMs: number;
  /** How long after a purchase took effect listings may still not show it. */
  readonly visibilityLagMs: number;
  /** How far the cloud's clock and the store's may be apart. */
  readonly clockSkewMs: number;
}

/** Until when nothing can be concluded from absence: a time strictly after this proves that the request never landed. */
export const settleWaitMs = (contract: IdempotencyContract): number =>
  contract.maxRequestLifetimeMs + contract.visibilityLagMs + contract.clockSkewMs;

/**
 * Whether sending again now is safe although an earlier request may still land: the cloud dedupes, and the resend's
 * last possible landing still lies within the memory that began with the first request.
 */
export function mayResend(contract: IdempotencyContract, unprovedSince: number, now: number): boolean {
  if (contract.kind === "none") return false;
  if (contract.windowMs === null) return true;
  return now + contract.maxRequestLifetimeMs + contract.clockSkewMs < unprovedSince + contract.windowMs;
}

/**
 * The contract that covers requests sent under either of two: what both dedupe, for the shorter memory, with the longer
 * waits.
 */
export function covering(earlier: IdempotencyContract | null, now: IdempotencyContract): IdempotencyContract {
  if (earlier === null) return now;
  return {
    // Of two kinds that differ, neither cloud promises to know the other's token.
    kind: earlier.kind === now.kind ? now.kind : "none",
    windowMs: shorter(earlier.windowMs, now.windowMs),
    maxRequestLifetimeMs: Math.max(earlier.maxRequestLifetimeMs, now.maxRequestLifetimeMs),
    visibilityLagMs: Math.max(earlier.visibilityLagMs, now.visibilityLagMs),
    clockSkewMs: Math.max(earlier.clockSkewMs, now.clockSkewMs),
  };
}

function shorter(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
