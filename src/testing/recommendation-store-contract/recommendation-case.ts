import type { RecommendationStore } from "../../store-port/recommendation-store.js";

/** A store of recommendations under test. */
export interface RecommendationStoreUnderTest {
  readonly store: RecommendationStore;
  /** Moves the store's clock on. Left out if the clock runs by itself. */
  advance?(ms: number): void | Promise<void>;
  close?(): Promise<void>;
}

/** The store of one case, and its time. */
export interface RecommendationSubject {
  readonly store: RecommendationStore;
  /** Lets time pass on the store's clock. */
  pass(ms: number): Promise<void>;
}

/** One paragraph of the law, as a test. */
export interface RecommendationCase {
  /** What a store does, in the present tense. */
  readonly name: string;
  run(subject: RecommendationSubject): Promise<void>;
}
