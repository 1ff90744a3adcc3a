import type { ExecutionStore } from "../../store-port/execution-store.js";

/** A store that is to prove itself. */
export interface StoreUnderTest {
  readonly store: ExecutionStore;
  /** Moves the store's clock on, where it has one that stands still otherwise. */
  advance?(ms: number): void | Promise<void>;
  close?(): Promise<void>;
}

/** What one case works with. */
export interface Subject {
  readonly store: ExecutionStore;
  /** Lets time pass on the store's clock. */
  pass(ms: number): Promise<void>;
}

/** One paragraph of the law, as a test. */
export interface ContractCase {
  /** What a store does, in the present tense. */
  readonly name: string;
  run(subject: Subject): Promise<void>;
}

/** How many callers race. */
export const RACERS = 16;

/** A lease that is over before the test goes on, see `Subject.pass`. */
export const SHORT_LEASE_MS = 30;
/** Time enough for a short lease to run out. */
export const PAST_SHORT_LEASE_MS = 60;
/** A lease that is live until the test has ended. */
export const LONG_LEASE_MS = 3_600_000;
