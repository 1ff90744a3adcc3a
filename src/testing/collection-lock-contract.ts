import { checkFunctions } from "../domain/options.js";
import { finishCases } from "./collection-lock-contract/finish-cases.js";
import type { LockCase, LockUnderTest } from "./collection-lock-contract/lock-case.js";
import { ownerCases } from "./collection-lock-contract/owner-cases.js";
import { startCases } from "./collection-lock-contract/start-cases.js";
import { takeoverCases } from "./collection-lock-contract/takeover-cases.js";
import { registerCases } from "./register-cases.js";

export type { LockUnderTest } from "./collection-lock-contract/lock-case.js";

/** What the contract suite of locks needs from its surroundings. */
export interface CollectionLockContractOptions {
  /** Registers one test, as `test` of vitest, jest and node:test does. */
  test(name: string, body: () => Promise<void>): unknown;
  /** Makes a lock for one test. All tests may get the same lock: each test uses its own scopes. */
  createLock(): Promise<LockUnderTest>;
}

/** The law of `CollectionLock`, one case for each paragraph. */
export const LOCK_CASES: readonly LockCase[] = [...startCases, ...takeoverCases, ...ownerCases, ...finishCases];

/**
 * Registers the whole law of `CollectionLock` as tests. A lock that passes lets one run at a time collect.
 *
 * The suite knows no test runner and asserts with node:assert. If the lock under test has `advance`, time passes by
 * `advance`. Otherwise the tests wait, less than two seconds in all.
 */
export function collectionLockContract(options: CollectionLockContractOptions): void {
  checkFunctions("options", options, ["test", "createLock"]);
  const { test, createLock } = options;
  registerCases(test, LOCK_CASES, createLock, ({ lock }, pass) => ({ lock, pass }));
}
