import assert from "node:assert/strict";
import { describe, expect, test } from "vitest";
import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine } from "../../src/engine/purchase-engine.js";
import { isTerminal } from "../../src/state-machine/transitions.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import { assertNoDoublePurchase } from "../../src/testing/assert-no-double-purchase.js";
import { crashingStore, interceptPort } from "../../src/testing/crashing-store.js";
import { type CrashScenario, type CrashWorld, exploreCrashes } from "../../src/testing/explore-crashes.js";
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

/** A queue consumer, and the message that it has not acknowledged yet. */
type Consumer = (run: () => Promise<unknown>, message: { isAcknowledged: boolean }) => Promise<void>;

/**
 * An order that is delivered until a consumer acknowledges it. Nothing ticks, so no second worker comes: it would find
 * the lease of the first one and acknowledge, as it may where something ticks.
 */
function delivered(consumer: Consumer): CrashScenario {
  return {
    double: false,
    async setup() {
      const { store, cloud, clock, engine, approved } = purchaseFixture(CONTRACT.none, {}, { concurrency: 1 });
      const id = await approved([simulatedLine()]);
      const message = { isAcknowledged: false };
      return {
        async work(plan) {
          const ports = {
            store: crashingStore(store, plan),
            providers: [interceptPort(cloud.provider, plan.hooks)],
          };
          const worker = createPurchaseEngine({ ...UNGUARDED, ...ports, clock, logger: silentLogger, concurrency: 1 });
          if (!message.isAcknowledged) await consumer(() => worker.run(id), message);
        },
        async recover() {
          for (let round = 0; round < 24 && !message.isAcknowledged; round += 1) {
            clock.advance(130_000);
            message.isAcknowledged = isTerminal((await engine.run(id)).status);
          }
        },
        check() {
          assertNoDoublePurchase(cloud.ledger());
          assert.equal(cloud.ledger().length, 1);
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
    expect(failure).toMatch(/^replay "[0-9+]+" failed; workers died (before|after) \w+.*: AssertionError: bought more/);
    const [, only = ""] = /"([0-9+]+)"/.exec(String(failure)) ?? [];
    await expect(exploreCrashes({ ...broken, only })).rejects.toThrow(`replay "${only}"`);
  });

  test.each<[string, Consumer]>([
    [
      "catches every error and acknowledges",
      async (run, message) => {
        await run().catch(() => {});
        message.isAcknowledged = true;
      },
    ],
    [
      "acknowledges in a finally",
      async (run, message) => {
        try {
          await run();
        } finally {
          message.isAcknowledged = true;
        }
      },
    ],
  ])("lets no worker acknowledge after its death that %s", async (_, consumer) => {
    const { points } = await exploreCrashes(delivered(consumer));
    expect(points).toBeGreaterThan(15);
  });

  test("lets no worker hand its message back after its death, which it acknowledged too early", async () => {
    const early: Consumer = async (run, message) => {
      message.isAcknowledged = true;
      await run().catch(() => {
        message.isAcknowledged = false;
      });
    };
    await expect(exploreCrashes(delivered(early))).rejects.toThrow(/^replay "1" failed; workers died before \w+: /);
  });

  test("refuses to prove nothing: a worker whose ports carry no plan, and a replay in which nobody dies", async () => {
    const fixture = scenario(CONTRACT.none, []);
    const idle: CrashWorld = { work: async () => {}, recover: async () => {}, check: () => {} };
    const refused = (path: string) => ({ code: "INVALID_REQUEST", details: { problems: [{ path }] } });
    await expect(exploreCrashes({ setup: () => idle })).rejects.toMatchObject(refused("setup"));
    await expect(exploreCrashes({ ...fixture, only: "900" })).rejects.toMatchObject(refused("only"));
    await expect(exploreCrashes({ ...fixture, only: "1+900" })).rejects.toMatchObject(refused("only"));
    expect(await exploreCrashes({ ...fixture, only: "1+0" })).toEqual({ runs: 1, points: 0 });
  });

  test("tells the worker's surroundings of its death, and ends with an error of a living worker", async () => {
    const deaths: string[] = [];
    const port = interceptPort.bind(undefined, { call: async () => {} });
    const world = (work: CrashWorld["work"]): CrashWorld => ({ work, recover: async () => {}, check: () => {} });
    const working = world(async (plan) => {
      void plan.death.then(() => deaths.push(plan.trace.at(-1) ?? ""));
      await (port(plan.hooks) as { call(): Promise<void> }).call();
    });
    await exploreCrashes({ setup: () => working, double: false });
    expect(deaths).toEqual(["before call", "after call"]);
    const failing = world(() => Promise.reject(new Error("no configuration")));
    await expect(exploreCrashes({ setup: () => failing })).rejects.toThrow(
      'replay "0" failed; workers died nowhere: Error: no configuration',
    );
  });
});
