import type { LedgerPurchase } from "../ledger.js";
import type { StateHistory } from "../state-history.js";
import type { AwsCall } from "./aws-service.js";

/** What every commitment has, whichever service sold it. */
export interface Kept {
  readonly id: string;
  readonly account: string;
  /** Absent for a service that has no regions. */
  readonly region?: string;
  readonly purchasedAt: number;
  readonly states: StateHistory;
}

/** All commitments of one service; each call sees those of its own account and region. */
export class CommitmentShelf<Commitment extends Kept> {
  readonly #commitments: Commitment[] = [];
  readonly #listingLagMs: number;
  readonly #ledgerRow: (commitment: Commitment, now: number) => LedgerPurchase;

  constructor(listingLagMs: number, ledgerRow: (commitment: Commitment, now: number) => LedgerPurchase) {
    this.#listingLagMs = listingLagMs;
    this.#ledgerRow = ledgerRow;
  }

  add(commitment: Commitment): void {
    this.#commitments.push(commitment);
  }

  /** Everything the caller ever bought, listed yet or not, dead or alive. */
  boughtBy({ account, region }: AwsCall): Commitment[] {
    return this.#commitments.filter(
      (kept) => kept.account === account && (kept.region === undefined || kept.region === region),
    );
  }

  /** What a listing of the caller's account and region shows as of `moment`. */
  listed(call: AwsCall, moment: number): Commitment[] {
    return this.boughtBy(call).filter((kept) => kept.purchasedAt + this.#listingLagMs <= moment);
  }

  commitments(now: number): LedgerPurchase[] {
    return this.#commitments.map((kept) => this.#ledgerRow(kept, now));
  }

  /** Sets the state of every commitment with this id from `at` on, and returns whether there is one. */
  setState(commitmentId: string, state: string, at: number): boolean {
    const named = this.#commitments.filter((kept) => kept.id === commitmentId);
    for (const kept of named) kept.states.set(state, at);
    return named.length > 0;
  }
}
