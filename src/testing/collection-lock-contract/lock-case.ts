import type { CollectionLock } from "../../store-port/collection-lock.js";

/** A lock under test. */
export interface LockUnderTest {
  readonly lock: CollectionLock;
  /** Moves the lock's clock on. Left out if the clock runs by itself. */
  advance?(ms: number): void | Promise<void>;
  close?(): Promise<void>;
}

/** The lock of one case, and its time. */
export interface LockSubject {
  readonly lock: CollectionLock;
  /** Lets time pass on the lock's clock. */
  pass(ms: number): Promise<void>;
}

/** One paragraph of the law, as a test. */
export interface LockCase {
  /** What a lock does, in the present tense. */
  readonly name: string;
  run(subject: LockSubject): Promise<void>;
}

/** The number of callers that race. */
export const RACERS = 16;

/** A short time to live. It is over after `pass(PAST_SHORT_TTL_MS)`. */
export const SHORT_TTL_MS = 10;
/** A time in which a short time to live is over. */
export const PAST_SHORT_TTL_MS = 20;
/** A time to live that is not over before the test has ended. */
export const LONG_TTL_MS = 3_600_000;
