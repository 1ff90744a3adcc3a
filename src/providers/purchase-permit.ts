import type { EpochMs } from "../domain/clock.js";
import type { CommitmentRequest } from "../domain/commitment-request/commitment-request.js";
import { BuyonceError } from "../domain/errors.js";
import type { Prepared } from "../domain/evidence.js";

declare const minted: unique symbol;

/** What a won write-ahead stored. */
export interface WonWriteAhead<Request extends CommitmentRequest = CommitmentRequest> {
  readonly request: Request;
  readonly token: string;
  readonly attempt: number;
  /** When the write-ahead was stored, by the store's clock; requests without dedupe are signed with this time. */
  readonly submittedAt: EpochMs;
  readonly prepared: Prepared;
}

/**
 * The single-use right to send one purchase for one line.
 *
 * Only the engine's write-ahead mints permits, and only `purchaseOnce` spends them; an adapter merely reads them.
 */
export interface PurchasePermit<Request extends CommitmentRequest = CommitmentRequest> extends WonWriteAhead<Request> {
  readonly [minted]: true;
}

const unspent = new WeakSet<PurchasePermit>();

/** Turns a won write-ahead into its permit. Only engine/write-ahead.ts may import this (test/architecture). */
export function mintPermit(won: WonWriteAhead): PurchasePermit {
  const permit = Object.freeze({ ...won }) as PurchasePermit;
  unspent.add(permit);
  return permit;
}

/** Uses a permit up. Throws `PERMIT_SPENT` for a permit that was used before or never minted. */
export function spendPermit(permit: PurchasePermit): void {
  if (!unspent.delete(permit))
    throw new BuyonceError("PERMIT_SPENT", "This purchase permit was used before, or was not minted by a write-ahead.");
}
