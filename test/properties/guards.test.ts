import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, test } from "vitest";
import { isBuyonceError } from "../../src/domain/errors.js";
import type { FreezeScope } from "../../src/domain/freeze.js";
import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../src/engine/purchase-engine.js";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { interceptPort } from "../../src/testing/crashing-store.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { type SimulatedCloud, simulatedCloud } from "../../src/testing/simulated-cloud.js";
import { CONTRACT, simulatedLine } from "../support/purchase-fixture.js";

/*
 * Baskets that overlap, steps of one plan, freezes and people who approve, cancel and retry, in every order. The oracle
 * is the ledger of the simulated cloud, with what was acknowledged when.
 */

const RUNS = Number(process.env.BUYONCE_SCHEDULES ?? 400);
const ACCOUNTS = ["acct-1", "acct-2"] as const;

interface Basket {
  readonly size: "s" | "m";
  readonly account: (typeof ACCOUNTS)[number];
  readonly allowsOverlap: boolean;
  readonly step: number | undefined;
}

type Act =
  | { readonly kind: "approve" | "run" | "cancel" | "retry"; readonly basket: number }
  | { readonly kind: "tick" | "lift" }
  | { readonly kind: "freeze"; readonly scope: FreezeScope };

const basketArbitrary: fc.Arbitrary<Basket> = fc.record({
  size: fc.constantFrom("s", "m"),
  account: fc.constantFrom(...ACCOUNTS),
  allowsOverlap: fc.boolean(),
  step: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
});

const actArbitrary: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom("approve", "run"), basket: fc.nat({ max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("cancel", "retry"), basket: fc.nat({ max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("tick", "lift") }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("freeze" as const),
      scope: fc.constantFrom<FreezeScope>(
        {},
        { account: "acct-1" },
        { service: "custom.simulated" },
        { cloud: "custom.simulated", account: "acct-2" },
      ),
    }),
  },
);

const scenarioArbitrary = fc.record({
  baskets: fc.array(basketArbitrary, { minLength: 2, maxLength: 5 }),
  actors: fc.array(fc.array(actArbitrary, { minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 4 }),
});

interface World {
  readonly store: ExecutionStore;
  readonly cloud: SimulatedCloud;
  /** Write-ahead calls that the store took although a freeze of their scope was acknowledged before they began. */
  readonly broken: string[];
}

/** Plays a scenario. Every call of a store may be overtaken by calls of other actors, before and after its effect. */
async function play(
  scenario: typeof scenarioArbitrary extends fc.Arbitrary<infer S> ? S : never,
  scheduler: fc.Scheduler,
): Promise<World> {
  const clock = manualClock();
  const sound = memoryStore({ clock });
  const cloud = simulatedCloud({ contract: CONTRACT.native, clock });
  const broken: string[] = [];
  const held = new Map<string, FreezeScope>();
  const pause = () => scheduler.schedule(Promise.resolve());
  const watched: ExecutionStore = {
    ...sound,
    async commit(change) {
      const isSend = change.lines?.some(({ stampSubmission }) => stampSubmission === true);
      const before = isSend ? new Map(held) : new Map<string, FreezeScope>();
      await pause();
      const result = await sound.commit(change);
      // A freeze that was lifted meanwhile did not have to hold.
      const scopes = [...before].flatMap(([id, scope]) => (held.has(id) ? scope : []));
      const account = (await sound.get(change.executionId))?.lines[0]?.request.account;
      if (result.kind === "moved" && scopes.some((scope) => scope.account === undefined || scope.account === account))
        broken.push(`${change.executionId} was announced in a frozen scope`);
      await pause();
      return result;
    },
    async freeze(freeze) {
      const stored = await sound.freeze(freeze);
      held.set(stored.id, stored.scope);
      return stored;
    },
    async unfreeze(lifting) {
      held.delete(lifting.id);
      return await sound.unfreeze(lifting);
    },
  };
  const quiet = interceptPort(watched, { before: pause, after: async () => {} });
  const engineOf = (worker: string, store: ExecutionStore) =>
    createPurchaseEngine({ store, providers: [cloud.provider], clock, logger: silentLogger, worker });
  const host = engineOf("host", sound);
  const ids: string[] = [];
  for (const [number, basket] of scenario.baskets.entries()) ids.push(await submit(host, number, basket));
  const playing = scenario.actors.map((acts, number) => actAll(engineOf(`w${number}`, quiet), ids, acts));
  await scheduler.waitFor(Promise.all(playing));
  return { store: sound, cloud, broken };
}

async function submit(
  engine: PurchaseEngine,
  number: number,
  { size, account, allowsOverlap, step }: Basket,
): Promise<string> {
  const line = simulatedLine({
    account,
    offering: { size },
    ...(allowsOverlap && { allowOverlap: { reason: "both" } }),
  });
  const { id } = await engine.submit({
    requestKey: `basket ${number}`,
    createdBy: "ann",
    lines: [line],
    ...(step !== undefined && { plan: { id: "plan", step } }),
  });
  return id;
}

async function actAll(engine: PurchaseEngine, ids: readonly string[], acts: readonly Act[]): Promise<void> {
  for (const act of acts)
    await actOnce(engine, ids, act).catch((thrown: unknown) => {
      if (!isBuyonceError(thrown)) throw thrown;
    });
}

async function actOnce(engine: PurchaseEngine, ids: readonly string[], act: Act): Promise<unknown> {
  switch (act.kind) {
    case "tick":
      return engine.tick();
    case "freeze":
      return engine.freeze({ scope: act.scope, frozenBy: "dora", reason: "audit" });
    case "lift": {
      const [freeze] = await engine.freezes();
      return freeze && engine.unfreeze(freeze.id, { liftedBy: "dora", reason: "over" });
    }
  }
  const id = ids[act.basket % ids.length] ?? "";
  switch (act.kind) {
    case "approve":
      return engine.approve(id, { approvedBy: "bob" });
    case "run":
      return engine.run(id);
    case "cancel":
      return engine.cancel(id, { canceledBy: "bob" });
    case "retry":
      return engine.retry(id, { requestedBy: "ann", force: true });
  }
}

async function checkGuards({ store, cloud, broken }: World): Promise<void> {
  assert.deepEqual(broken, []);
  const bought = new Map<string, string[]>();
  for (const { lineageKey, lines, plan } of (await store.history({ limit: 200 })).executions) {
    const token = deriveIdempotencyToken(lineageKey, 0);
    if (!cloud.ledger().some((entry) => entry.token === token)) continue;
    const [line] = lines;
    const keys = [
      ...(line?.need && line.need.allowOverlap === null ? [`need ${line.need.key}`] : []),
      ...(plan?.step === null || plan === null ? [] : [`step ${plan.step}`]),
    ];
    for (const key of keys) bought.set(key, [...new Set([...(bought.get(key) ?? []), lineageKey])]);
  }
  for (const [key, lineages] of bought)
    assert.ok(lineages.length <= 1, `${key} was bought ${lineages.length} times without a reason on record`);
}

describe("guards", () => {
  test(`no two baskets buy one need or one step unasked, and nothing is announced in a frozen scope (${RUNS} schedules)`, {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(scenarioArbitrary, fc.scheduler(), async (scenario, scheduler) => {
        await checkGuards(await play(scenario, scheduler));
      }),
      { numRuns: RUNS, endOnFailure: false },
    );
  });
});
