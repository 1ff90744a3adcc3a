import { setTimeout as sleep } from "node:timers/promises";
import { commitCases } from "./store-contract/commit-cases.js";
import type { ContractCase, StoreUnderTest } from "./store-contract/contract-case.js";
import { copyCases } from "./store-contract/copy-cases.js";
import { createCases } from "./store-contract/create-cases.js";
import { guardCases } from "./store-contract/guard-cases.js";
import { historyCases } from "./store-contract/history-cases.js";
import { leaseCases } from "./store-contract/lease-cases.js";
import { lineCases } from "./store-contract/line-cases.js";
import { raceCases } from "./store-contract/race-cases.js";
import { retryCases } from "./store-contract/retry-cases.js";
import { sweepCases } from "./store-contract/sweep-cases.js";
import { trailCases } from "./store-contract/trail-cases.js";
import { uniquenessCases } from "./store-contract/uniqueness-cases.js";

export type { StoreUnderTest } from "./store-contract/contract-case.js";

/** What the contract suite needs from its surroundings. */
export interface StoreContractOptions {
  /** Registers one test, as `test` of vitest, jest and node:test does. */
  test(name: string, body: () => Promise<void>): unknown;
  /** A store for one test. Each test uses ids of its own, so all may get the same store. */
  createStore(): Promise<StoreUnderTest>;
}

const CASES: readonly ContractCase[] = [
  ...createCases,
  ...retryCases,
  ...commitCases,
  ...trailCases,
  ...guardCases,
  ...leaseCases,
  ...lineCases,
  ...uniquenessCases,
  ...raceCases,
  ...sweepCases,
  ...historyCases,
  ...copyCases,
];

/**
 * Registers the whole law of `ExecutionStore` as tests; a store that passes may hold purchases.
 *
 * Knows no test runner and asserts with node:assert. The tests may run one after the other on one store, and none
 * depends on another. Where the store under test has `advance`, time passes by it; elsewhere by waiting, less than two
 * seconds in all.
 */
export function storeContract({ test, createStore }: StoreContractOptions): void {
  for (const { name, run } of CASES) {
    test(name, async () => {
      const subject = await createStore();
      const pass = async (ms: number) => void (await (subject.advance?.(ms) ?? sleep(ms)));
      try {
        await run({ store: subject.store, pass });
      } finally {
        await subject.close?.();
      }
    });
  }
}
