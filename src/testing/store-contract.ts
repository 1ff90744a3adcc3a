import { checkFunctions } from "../domain/options.js";
import { registerCases } from "./register-cases.js";
import { approvalCases } from "./store-contract/approval-cases.js";
import { claimDueCases } from "./store-contract/claim-due-cases.js";
import { commitCases } from "./store-contract/commit-cases.js";
import { commitmentIdCases } from "./store-contract/commitment-id-cases.js";
import type { ContractCase, StoreUnderTest } from "./store-contract/contract-case.js";
import { copyCases } from "./store-contract/copy-cases.js";
import { createCases } from "./store-contract/create-cases.js";
import { dueCases } from "./store-contract/due-cases.js";
import { evidenceCases } from "./store-contract/evidence-cases.js";
import { feedCases } from "./store-contract/feed-cases.js";
import { freezeCases } from "./store-contract/freeze-cases.js";
import { guardCases } from "./store-contract/guard-cases.js";
import { historyCases } from "./store-contract/history-cases.js";
import { holdCases } from "./store-contract/hold-cases.js";
import { laneHolderCases } from "./store-contract/lane-holder-cases.js";
import { laneWaiterCases } from "./store-contract/lane-waiter-cases.js";
import { leaseCases } from "./store-contract/lease-cases.js";
import { limitCases } from "./store-contract/limit-cases.js";
import { lineCases } from "./store-contract/line-cases.js";
import { moveDueCases } from "./store-contract/move-due-cases.js";
import { needCases } from "./store-contract/need-cases.js";
import { neededLineCases } from "./store-contract/needed-line-cases.js";
import { pagingCases } from "./store-contract/paging-cases.js";
import { planCases } from "./store-contract/plan-cases.js";
import { priceCases } from "./store-contract/price-cases.js";
import { raceCases } from "./store-contract/race-cases.js";
import { reapCases } from "./store-contract/reap-cases.js";
import { removeCases } from "./store-contract/remove-cases.js";
import { retryCases } from "./store-contract/retry-cases.js";
import { sweepCases } from "./store-contract/sweep-cases.js";
import { tokenCases } from "./store-contract/token-cases.js";
import { trailCases } from "./store-contract/trail-cases.js";
import { uniquenessCases } from "./store-contract/uniqueness-cases.js";
import { visibilityCases } from "./store-contract/visibility-cases.js";

export type { StoreUnderTest } from "./store-contract/contract-case.js";

/** What the contract suite needs from its surroundings. */
export interface StoreContractOptions {
  /** Registers one test, as `test` of vitest, jest and node:test does. */
  test(name: string, body: () => Promise<void>): unknown;
  /**
   * Makes a store for one test.
   *
   * All tests may get the same store: each test uses its own ids and ignores what earlier tests left. Do not use the
   * store for anything else: the sweeps move every execution in it that is due.
   */
  createStore(): Promise<StoreUnderTest>;
}

const CASES: readonly ContractCase[] = [
  ...createCases,
  ...retryCases,
  ...commitCases,
  ...evidenceCases,
  ...trailCases,
  ...visibilityCases,
  ...guardCases,
  ...leaseCases,
  ...lineCases,
  ...uniquenessCases,
  ...commitmentIdCases,
  ...laneHolderCases,
  ...laneWaiterCases,
  ...approvalCases,
  ...needCases,
  ...neededLineCases,
  ...planCases,
  ...limitCases,
  ...holdCases,
  ...priceCases,
  ...freezeCases,
  ...tokenCases,
  ...raceCases,
  ...dueCases,
  ...sweepCases,
  ...moveDueCases,
  ...claimDueCases,
  ...reapCases,
  ...feedCases,
  ...historyCases,
  ...pagingCases,
  ...removeCases,
  ...copyCases,
];

/**
 * Registers the whole law of `ExecutionStore` as tests; a store that passes may hold purchases.
 *
 * The suite knows no test runner and asserts with node:assert. The tests may run one after the other on one store, and
 * no test depends on another. If the store under test has `advance`, time passes by `advance`. Otherwise the tests
 * wait, less than three seconds in all.
 */
export function storeContract(options: StoreContractOptions): void {
  checkFunctions("options", options, ["test", "createStore"]);
  const { test, createStore } = options;
  registerCases(test, CASES, createStore, ({ store }, pass) => ({ store, pass }));
}
