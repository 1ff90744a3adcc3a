import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isBuyonceError } from "../../src/domain/errors.js";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import type { CommitResult, ExecutionStore } from "../../src/store-port/execution-store.js";
import { assertNoDoublePurchase } from "../../src/testing/assert-no-double-purchase.js";
import { interceptPort } from "../../src/testing/crashing-store.js";
import type { PurchaseFault } from "../../src/testing/simulated-cloud.js";
import { CONTRACT, type PurchaseFixture, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";
import { exploreFaults, type FaultPlan, faultPlan, StoreFault } from "./support/store-faults.js";

type Contract = (typeof CONTRACT)[keyof typeof CONTRACT];
type Sabotage = (store: ExecutionStore) => ExecutionStore;

/** A basket, and the engine of a worker whose store fails by a plan. */
interface Play {
  readonly contract: Contract;
  readonly quantities: readonly number[];
  readonly concurrency: number;
  readonly purchases: readonly PurchaseFault[];
  readonly sabotage?: Sabotage;
}

const TWO_LINES: Omit<Play, "contract"> = { quantities: [2, 1], concurrency: 1, purchases: [] };

async function setUp(plan: FaultPlan, { contract, quantities, concurrency, purchases, sabotage }: Play) {
  const fixture = purchaseFixture(contract, { purchases }, { concurrency });
  const id = await fixture.approved(quantities.map((quantity) => simulatedLine({ quantity, offering: { quantity } })));
  const failing = interceptPort(fixture.store, plan.hooks);
  const worker = fixture.another({ store: sabotage?.(failing) ?? failing, worker: "w2" });
  return { ...fixture, id, worker };
}

type World = Awaited<ReturnType<typeof setUp>>;

/** One commitment per line on the cloud's ledger, each under a write-ahead; versions without gaps. */
async function checkBooks({ store, cloud, id }: Pick<World, "store" | "cloud" | "id">): Promise<void> {
  const execution = await store.get(id);
  assert.equal(execution?.status, "completed", `${execution?.status}: ${execution?.reason}`);
  const ledger = cloud.ledger();
  assertNoDoublePurchase(ledger);
  const tokens = execution.lines.map(({ index }) => deriveIdempotencyToken(execution.lineageKey, index));
  assert.deepEqual(ledger.map(({ token }) => token).sort(), tokens.sort());
  const events = await store.events(id);
  assert.deepEqual(
    events.map(({ version }) => version),
    Array.from({ length: execution.version }, (_, index) => index + 1),
  );
  for (const { token, at } of cloud.requests()) {
    const line = execution.lines.find(({ index }) => deriveIdempotencyToken(execution.lineageKey, index) === token);
    const ahead = events.filter((event) => event.kind === "write_ahead" && event.lineIndex === line?.index);
    assert.ok(
      ahead.some((event) => event.at <= at),
      "sent without a write-ahead",
    );
  }
  assert.ok(
    cloud.requests().length <= events.filter(({ kind }) => kind === "write_ahead").length,
    "a write-ahead gave two permits",
  );
}

/** Time passes, and a worker with a sound store goes on. */
async function recover({ clock, engine }: Pick<PurchaseFixture, "clock" | "engine">): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    clock.advance(130_000);
    await engine.tick();
  }
}

/** The first store call of a run is the claim. */
const failedToClaim = ({ failsAt }: FaultPlan): boolean => failsAt.some((point) => point <= 2);

/** Runs once; only a failed claim may keep the run from completing, and then without any time passing. */
async function completesInOneRun(plan: FaultPlan, play: Play): Promise<void> {
  const world = await setUp(plan, play);
  const startedAt = world.clock.now();
  const thrown = await world.worker.run(world.id).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!failedToClaim(plan)) assert.ifError(thrown);
  else assert.ok(thrown instanceof StoreFault);
  if (thrown !== undefined) await recover(world);
  else assert.equal(world.clock.now(), startedAt);
  await checkBooks(world);
}

/** Ends with every line bought once, whatever the run or the tick threw. */
async function comesToRest(plan: FaultPlan, play: Play, how: "run" | "tick" = "run"): Promise<void> {
  const world = await setUp(plan, play);
  const thrown = await (how === "run" ? world.worker.run(world.id) : world.worker.tick()).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(!isBuyonceError(thrown, "DUPLICATE_COMMITMENT"), "took its own purchase for another one");
  await recover(world);
  await checkBooks(world);
}

const PURCHASES = [
  ["a lost reply", [{ kind: "lost-reply" }]],
  ["a lost request", [{ kind: "lost-request" }]],
  ["a throttled request", [{ kind: "throttled" }]],
  ["a request that lands late", [{ kind: "late-landing", ms: 200_000 }]],
] as const;

describe.each(Object.entries(CONTRACT))(
  "under contract %s, a store that fails once or twice, with or without the effect,",
  (_, contract) => {
    test("does not keep a claimed purchase from completing in the same run", async () => {
      const worlds = await exploreFaults((plan) => completesInOneRun(plan, { ...TWO_LINES, contract }));
      // One or two of the calls of a run: a claim, two for each line, of which the last also ends the execution.
      expect(worlds).toBeGreaterThan(60);
    });

    test.each(PURCHASES)("neither buys twice nor loses a purchase after %s", async (_name, purchases) => {
      await exploreFaults((plan) => comesToRest(plan, { ...TWO_LINES, contract, purchases }));
    });

    test("neither buys twice nor loses a purchase in a tick", async () => {
      await exploreFaults((plan) => comesToRest(plan, { ...TWO_LINES, contract }, "tick"));
    });

    test("neither buys twice nor loses a purchase where it fails any number of times", async () => {
      const fault = fc.constantFrom<PurchaseFault>({ kind: "none" }, { kind: "lost-reply" }, { kind: "lost-request" });
      const plays = fc.record({
        quantities: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        concurrency: fc.integer({ min: 1, max: 4 }),
        purchases: fc.array(fault, { maxLength: 4 }),
        failsAt: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 20 }),
        how: fc.constantFrom("run" as const, "tick" as const),
      });
      await fc.assert(
        fc.asyncProperty(plays, async ({ failsAt, how, ...play }) => {
          await comesToRest(faultPlan(failsAt), { ...play, contract }, how);
        }),
        { numRuns: 100 },
      );
    });
  },
);

/** A store whose failed commits are answered as `guess` says. */
const guessing =
  (
    guess: (store: ExecutionStore, change: Parameters<ExecutionStore["commit"]>[0]) => Promise<CommitResult>,
  ): Sabotage =>
  (store) => ({
    ...interceptPort(store, { before: async () => {}, after: async () => {} }),
    commit: (change) => store.commit(change).catch(() => guess(store, change)),
  });

const BROKEN: readonly (readonly [string, Sabotage])[] = [
  ["a refusal", guessing(async () => ({ kind: "refused", because: "guard" }))],
  [
    "stored",
    guessing(async (store, change) => {
      const execution = await store.get(change.executionId);
      assert.ok(execution);
      const lines = execution.lines.map((line) => ({
        ...line,
        ...change.lines?.find(({ index }) => index === line.index)?.progress,
      }));
      return { kind: "moved", execution: { ...execution, lines } };
    }),
  ],
];

test.each(BROKEN)("the properties notice a lost answer that is taken for %s", async (_, sabotage) => {
  const play = { ...TWO_LINES, contract: CONTRACT.none, sabotage };
  await expect(exploreFaults((plan) => completesInOneRun(plan, play))).rejects.toThrow("a store that fails at");
});
