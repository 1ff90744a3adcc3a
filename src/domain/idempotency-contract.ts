/** The ways in which a cloud's purchase call can dedupe. See {@link IdempotencyContract}. */
export const CONTRACT_KINDS = ["native-token", "caller-named", "server-minted", "none"] as const;

/**
 * What a cloud's purchase call dedupes. Each adapter declares it as data, and the engine picks the protocol from it.
 *
 * - `native-token`: the call takes a client token. The same token again within `windowMs` buys nothing new.
 * - `caller-named`: the caller names the commitment. The cloud refuses a second commitment of that name.
 * - `server-minted`: the cloud mints an order id first. The same id again buys nothing new.
 * - `none`: nothing is deduped. So each permit sends one request, and a doubt ends by a wait and a look.
 */
export interface IdempotencyContract {
  readonly kind: (typeof CONTRACT_KINDS)[number];
  /** How long the cloud remembers a token or order id, from its first use. `null` for ever, 0 under `none`. */
  readonly windowMs: number | null;
  /** How long after the write-ahead its request can still take effect, by the cloud's clock. */
  readonly maxRequestLifetimeMs: number;
  /** How long a purchase that took effect may still be missing in listings. */
  readonly visibilityLagMs: number;
  /** How far the cloud's clock and the store's clock may be apart. */
  readonly clockSkewMs: number;
}

/**
 * How long absence proves nothing, counted from the write-ahead. Absence strictly after this wait proves that the
 * request never landed.
 */
export const settleWaitMs = (contract: IdempotencyContract): number =>
  contract.maxRequestLifetimeMs + contract.visibilityLagMs + contract.clockSkewMs;

/**
 * Whether a resend is safe now although an earlier request may still land. The cloud must dedupe, and the latest time
 * at which the resend can land must lie within the cloud's memory, which began with the first request.
 */
export function mayResend(contract: IdempotencyContract, unprovedSince: number, now: number): boolean {
  if (contract.kind === "none") return false;
  if (contract.windowMs === null) return true;
  return now + contract.maxRequestLifetimeMs + contract.clockSkewMs < unprovedSince + contract.windowMs;
}

/**
 * The contract that covers requests sent under either of two contracts. It has the kind that both share, the shorter
 * memory and the longer waits.
 */
export function covering(earlier: IdempotencyContract | null, now: IdempotencyContract): IdempotencyContract {
  if (earlier === null) return now;
  return {
    // If the kinds differ, neither contract promises to know a token of the other.
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
