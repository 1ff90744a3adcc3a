import assert from "node:assert/strict";
import { isBuyonceError, memoryStore } from "buyonce";
import { pgliteStore } from "buyonce/pglite";
import { memoryRecommendationStore } from "buyonce/recommendations";
import {
  assertNoDoublePurchase,
  collectionLockContract,
  manualClock,
  providerContract,
  recommendationStoreContract,
  simulate,
  storeContract,
} from "buyonce/testing";
import { FAULTY, sound } from "./embedders.mjs";
import { CONTRACT, shopCannot, simulatedShop } from "./shop.mjs";

/**
 * Registers what the testing kit offers as tests of any runner: each suite over its port in memory, and simulations.
 * @param {(name: string, body: () => Promise<void>) => unknown} test
 */
export function kitCases(test) {
  /**
   * @template {object} Parts
   * @param {(clock: import("buyonce/testing").ManualClock) => Parts} make
   */
  const onClock = (make) => async () => {
    const clock = manualClock();
    return { ...make(clock), advance: (/** @type {number} */ ms) => clock.advance(ms) };
  };
  storeContract({ test, createStore: onClock((clock) => ({ store: memoryStore({ clock }) })) });
  recommendationStoreContract({
    test,
    createStore: onClock((clock) => ({ store: memoryRecommendationStore({ clock }) })),
  });
  collectionLockContract({
    test: (name, body) => test(`as a lock: ${name}`, body),
    createLock: onClock((clock) => ({ lock: memoryRecommendationStore({ clock }) })),
  });
  for (const [kind, contract] of Object.entries(CONTRACT))
    providerContract({
      test: (name, body) => test(`${kind}: ${name}`, body),
      createProvider: async () => simulatedShop(contract),
      cannot: shopCannot(contract),
    });
  simulations(test);
  test("a package that is not installed is named", async () => {
    const isNamed = (/** @type {unknown} */ thrown) =>
      isBuyonceError(thrown, "DEPENDENCY_MISSING") && thrown.message.includes("@electric-sql/pglite");
    await assert.rejects(pgliteStore(), isNamed);
  });
}

/** @param {(name: string, body: () => Promise<void>) => unknown} test */
function simulations(test) {
  test("a sound embedder never fails", async () => {
    const { purchases, deaths } = await simulate({ embedder: sound, hours: 6, runs: 4 });
    assert.ok(purchases > 4 && deaths > 4);
  });
  for (const { name, caughtBy, embedder } of FAULTY)
    test(`caught: ${name}`, async () => {
      const seed = 1;
      const message = await simulate({ embedder, hours: 6, runs: 1_000, seed }).then(
        () => "nothing was found",
        (found) => found.message,
      );
      const [, failing = ""] = /seed: (\d+)/.exec(message) ?? [];
      console.log(`${name}: caught in run ${Number(failing) - seed + 1}`);
      assert.match(message, caughtBy);
    });
  test("a message names what was bought twice, and an unknown option is refused", async () => {
    const bought = (/** @type {string} */ commitmentId) => ({ commitmentId, account: "acct-1", quantity: 1 });
    const expected = [{ account: "acct-1", quantity: 1 }];
    assertNoDoublePurchase([bought("c-1")], { expected });
    assert.throws(() => assertNoDoublePurchase([bought("c-1"), bought("c-2")], { expected }), /bought 2 times/);
    await assert.rejects(
      simulate(/** @type {import("buyonce/testing").Simulation} */ (/** @type {unknown} */ ({ embeder: sound }))),
      (thrown) => isBuyonceError(thrown, "INVALID_REQUEST"),
    );
  });
}
