import { AssertionError } from "node:assert";

/** What the oracle needs to know of one commitment on a cloud's ledger. */
export interface PurchaseOnLedger {
  readonly token?: string | undefined;
  readonly commitmentId: string;
  /** The request that took effect. The commitments of a split purchase have the same one. */
  readonly requestId?: string | undefined;
  /** Whether money was owed for the commitment at any time. Default: true. */
  readonly live?: boolean | undefined;
}

/**
 * Throws an `AssertionError` that names every token under which more than one purchase took effect.
 *
 * Give it the cloud's ledger, never your own tables. The commitments of one split purchase count once. A commitment for
 * which nothing was owed does not count.
 */
export function assertNoDoublePurchase(ledger: readonly PurchaseOnLedger[]): void {
  const purchases = new Map<string, Set<string>>();
  for (const { token, requestId, commitmentId, live = true } of ledger) {
    if (token === undefined || !live) continue;
    purchases.set(token, (purchases.get(token) ?? new Set()).add(requestId ?? commitmentId));
  }
  const doubled = [...purchases].filter(([, requests]) => requests.size > 1);
  if (doubled.length === 0) return;
  const listed = doubled.map(([token, requests]) => `${token.slice(0, 8)}...: ${[...requests].join(", ")}`);
  throw new AssertionError({
    message: `bought more than once: ${listed.join("; ")}`,
    actual: doubled.length,
    expected: 0,
    operator: "==",
  });
}
