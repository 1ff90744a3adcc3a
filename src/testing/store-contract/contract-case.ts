import type { ExecutionStore } from "../../store-port/execution-store.js";

/** A store under test. */
export interface StoreUnderTest {
  readonly store: ExecutionStore;
  /** Moves the store's clock on. Left out if the clock runs by itself. */
  advance?(ms: number): void | Promise<void>;
  close?(): Promise<void>;
}

/** The store of one case, and its time. */
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

/** The number of callers that race. */
export const RACERS = 16;

/** A short lease. It is over after `pass(PAST_SHORT_LEASE_MS)`. */
export const SHORT_LEASE_MS = 30;
/** A time in which a short lease runs out. */
export const PAST_SHORT_LEASE_MS = 60;
/** A lease that stays live until the test has ended. */
export const LONG_LEASE_MS = 3_600_000;
