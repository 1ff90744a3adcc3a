import { checkFunctions } from "../domain/options.js";
import { LOCK_CASES } from "./collection-lock-contract.js";
import { evictionCases } from "./recommendation-store-contract/eviction-cases.js";
import { freshnessCases } from "./recommendation-store-contract/freshness-cases.js";
import { listCases } from "./recommendation-store-contract/list-cases.js";
import { lostRunCases } from "./recommendation-store-contract/lost-run-cases.js";
import { putCases } from "./recommendation-store-contract/put-cases.js";
import type {
  RecommendationCase,
  RecommendationStoreUnderTest,
} from "./recommendation-store-contract/recommendation-case.js";
import { registerCases } from "./register-cases.js";

export type { RecommendationStoreUnderTest } from "./recommendation-store-contract/recommendation-case.js";

/** What the contract suite of recommendation stores needs from its surroundings. */
export interface RecommendationStoreContractOptions {
  /** Registers one test, as `test` of vitest, jest and node:test does. */
  test(name: string, body: () => Promise<void>): unknown;
  /** Makes a store for one test. All tests may get the same store: each test uses its own scopes. */
  createStore(): Promise<RecommendationStoreUnderTest>;
}

const CASES: readonly RecommendationCase[] = [
  ...LOCK_CASES.map(
    ({ name, run }): RecommendationCase => ({ name, run: ({ store, pass }) => run({ lock: store, pass }) }),
  ),
  ...putCases,
  ...evictionCases,
  ...freshnessCases,
  ...listCases,
  ...lostRunCases,
];

/**
 * Registers the whole law of `RecommendationStore` as tests, with that of `CollectionLock`. A store that passes shows what
 * the clouds recommend, and nothing that a lost run has written.
 *
 * The suite knows no test runner and asserts with node:assert. If the store under test has `advance`, time passes by
 * `advance`. Otherwise the tests wait, less than three seconds in all.
 */
export function recommendationStoreContract(options: RecommendationStoreContractOptions): void {
  checkFunctions("options", options, ["test", "createStore"]);
  const { test, createStore } = options;
  registerCases(test, CASES, createStore, ({ store }, pass) => ({ store, pass }));
}
