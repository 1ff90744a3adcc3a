import assert from "node:assert/strict";
import { describe, expect, test } from "vitest";
import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine } from "../../src/engine/purchase-engine.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import { assertNoDoublePurchase } from "../../src/testing/assert-no-double-purchase.js";
import { crashingStore, interceptPort } from "../../src/testing/crashing-store.js";
import { type CrashScenario, exploreCrashes } from "../../src/testing/explore-crashes.js";
import type { PurchaseFault } from "../../src/testing/simulated-cloud.js";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";
import { UNGUARDED } from "../support/unguarded.js";

/** Two lines are bought by a worker that may die anywhere, then by another one, then ticks bring the rest. */
function scenario(
  contract: (typeof CONTRACT)[keyof typeof CONTRACT],
  purchases: readonly PurchaseFault[],
  sabotage = (store: ExecutionStore) => store,
): CrashScenario {
  return {
    async setup() {
      const { store, cloud, clock, engine, approved } = purchaseFixture(contract, { purchases }, { concurrency: 1 });
      const id = await approved([simulatedLine(), simulatedLine({ quantity: 1 })]);
      return {
        async work(plan) {
          const providers = [interceptPort(cloud.provider, plan.hooks)];
          const worker = createPurchaseEngine({
            ...UNGUARDED,
            store: crashingStore(sabotage(store), plan),
            providers,
            clock,
            logger: silentLogger,
            concurrency: 1,
          });
          await worker.run(id);
          clock.advance(130_000);
        },
        async recover() {
          for (let round = 0; round < 12; round += 1) {
            clock.advance(130_000);
            await engine.tick();
          }
        },
        async check() {
          assertNoDoublePurchase(cloud.ledger());
          assert.equal(cloud.ledger().length, 2);
          assert.equal((await store.get(id))?.status, "completed");
        },
      };
    },
  };
}

describe("exploreCrashes", () => {
  describe.each(Object.entries(CONTRACT))("over contract %s", (_, contract) => {
    test.each([
      ["replies that arrive", []],
      ["a lost reply", [{ kind: "lost-reply" }]],
      ["a lost request", [{ kind: "lost-request" }]],
      ["a request that lands late", [{ kind: "late-landing", ms: 200_000 }]],
    ] as const)(
      "finds exactly one commitment per line after every single and double crash, with %s",
      async (_name, purchases) => {
        const { runs, points } = await exploreCrashes(scenario(contract, purchases));
        expect(points).toBeGreaterThan(15);
        expect(runs).toBeGreaterThan(points);
      },
    );
  });

  test("names the run of a failure so that it can be replayed", async () => {
    // The write-ahead is answered but not stored: a crash right after the purchase buys a second time.
    const noWriteAhead = (store: ExecutionStore): ExecutionStore => ({
      ...store,
      async commit(change) {
        if (change.event.kind !== "write_ahead") return store.commit(change);
        const execution = await store.get(change.executionId);
        return execution === undefined ? { kind: "refused", because: "guard" } : { kind: "moved", execution };
      },
    });
    const broken = scenario(CONTRACT.none, [], noWriteAhead);
    const failure = await exploreCrashes(broken).catch((thrown: Error) => thrown.message);
    expect(failure).toMatch(/^replay "[0-9+]+" failed; workers died (before|after) \w+/);
    const [, only = ""] = /"([0-9+]+)"/.exec(String(failure)) ?? [];
    await expect(exploreCrashes({ ...broken, only })).rejects.toThrow(`replay "${only}"`);
  });
});
