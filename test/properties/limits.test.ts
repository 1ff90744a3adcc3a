import assert from "node:assert/strict";
import Big from "big.js";
import fc from "fast-check";
import { describe } from "vitest";
import { isBuyonceError } from "../../src/domain/errors.js";
import type { Limit } from "../../src/domain/limit.js";
import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../src/engine/purchase-engine.js";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import { isTerminal } from "../../src/state-machine/transitions.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import type { PurchaseFault } from "../../src/testing/simulated-cloud.js";
import { simulatedLine } from "../support/purchase-fixture.js";
import { UNGUARDED } from "../support/unguarded.js";
import { Died, type Ground, mortalStore } from "./support/ground.js";
import { onEachGround } from "./support/on-each-ground.js";

/*
 * Sixteen actors approve, buy, cancel and retry baskets under two limits, while calls of the store die before or after
 * their effect. No limit is ever exceeded. After everything has ended, nothing is held, and what is used is what the
 * cloud's ledger says.
 */

const RUNS = Number(process.env.BUYONCE_SCHEDULES ?? 100);
const ACTORS = 16;
const FOR_EVER = 3_000_000_000_000;
const usd = (amount: string) => ({ amount, currency: "USD" });

const LIMITS: readonly Limit[] = [
  { name: "all", scope: {}, per: FOR_EVER, max: usd("50") },
  { name: "one account", scope: { account: "acct-1" }, per: FOR_EVER, max: usd("25.5") },
];

const ACT_KINDS = ["approve", "schedule", "decide in a transaction", "run", "cancel", "retry", "tick"] as const;

interface Act {
  readonly kind: (typeof ACT_KINDS)[number];
  readonly basket: number;
  /** Whether the transaction of the caller commits. */
  readonly commits: boolean;
}

const scenarioArbitrary = fc.record({
  /** The prices of the lines of each basket. Every other line is bought in the first account. */
  baskets: fc.array(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 }), {
    minLength: 3,
    maxLength: 8,
  }),
  actors: fc.array(
    fc.array(
      fc.record({
        kind: fc.constantFrom<Act["kind"][]>("approve", "approve", "run", ...ACT_KINDS),
        basket: fc.nat({ max: 7 }),
        commits: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    { minLength: ACTORS, maxLength: ACTORS },
  ),
  /** Which calls of the store die, by their number, and whether before or after their effect. */
  deaths: fc.array(fc.record({ call: fc.nat({ max: 80 }), after: fc.boolean() }), { maxLength: 4 }),
  faults: fc.array(fc.constantFrom<PurchaseFault["kind"]>("rejected", "lost-reply", "lost-request"), { maxLength: 4 }),
});
type Scenario = typeof scenarioArbitrary extends fc.Arbitrary<infer S> ? S : never;

/** Plays a scenario, then brings everything to its end. */
async function play(scenario: Scenario, ground: Ground): Promise<readonly string[]> {
  const { store, cloud } = ground;
  for (const kind of scenario.faults) cloud.strike({ kind } as PurchaseFault);
  const exceeded: string[] = [];
  const engineOf = (worker: string, over: ExecutionStore) =>
    createPurchaseEngine({
      store: over,
      providers: [cloud.provider],
      clock: ground.clock,
      logger: silentLogger,
      ...UNGUARDED,
      retryDelayMs: 10,
      limits: LIMITS,
      worker,
    });
  const mortal = mortalStore(ground, store, {
    deaths: scenario.deaths,
    async committed() {
      exceeded.push(...(await exceededIn(store)));
    },
  });
  const host = engineOf("host", store);
  const ids: string[] = [];
  for (const [number, prices] of scenario.baskets.entries()) {
    const lines = prices.map((price, index) =>
      simulatedLine({
        account: `acct-${(index % 2) + 1}`,
        expectedPrice: usd(String(price)),
        priceTolerancePercent: 0,
        offering: { size: `${number}-${index}` },
      }),
    );
    ids.push((await host.submit({ requestKey: `basket ${number}`, createdBy: "ann", lines })).id);
  }
  const actors = scenario.actors.map((acts, number) => actAll(engineOf(`w${number}`, mortal), { ground, ids, acts }));
  await ground.together(actors);
  cloud.heal();
  await endAll(host, ground);
  return exceeded;
}

interface Part {
  readonly ground: Ground;
  readonly ids: readonly string[];
  readonly acts: Scenario["actors"][number];
}

async function actAll(engine: PurchaseEngine, { ground, ids, acts }: Part): Promise<void> {
  for (const act of acts)
    await actOnce(engine, { ground, id: ids[act.basket % ids.length] ?? "", act }).catch((thrown: unknown) => {
      if (!isBuyonceError(thrown) && !(thrown instanceof Died)) throw thrown;
    });
}

function actOnce(
  engine: PurchaseEngine,
  { ground, id, act }: { readonly ground: Ground; readonly id: string; readonly act: Act },
): Promise<unknown> {
  const approval = { approvedBy: "bob" };
  switch (act.kind) {
    case "approve":
      return engine.approve(id, approval);
    case "schedule":
      return engine.schedule(id, { ...approval, runAt: ground.clock.now() });
    case "decide in a transaction":
      return ground.inTransaction(act.commits, (store) => engine.withStore(store).approve(id, approval));
    case "run":
      return engine.run(id);
    case "cancel":
      return engine.cancel(id, { canceledBy: "bob" });
    case "retry":
      return engine.retry(id, { requestedBy: "ann", force: true });
    case "tick":
      return engine.tick();
  }
}

/** The limits in which more is used and held than they allow, apart from overruns. */
async function exceededIn(store: ExecutionStore): Promise<readonly string[]> {
  const { uses = [] } = (await store.limits()) ?? {};
  return uses
    .filter(({ limit, used, held, overrun }) => new Big(used).plus(held).minus(overrun).gt(limit.max.amount))
    .map(({ limit, used, held }) => `${limit.name}: ${used} used, ${held} held`);
}

const MOST_ROUNDS = 40;

/** Ticks and cancels until every execution has ended. */
async function endAll(engine: PurchaseEngine, { store, settle }: Ground): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    await engine.tick();
    const { executions } = await store.history({ limit: 200 });
    const open = executions.filter(({ status }) => !isTerminal(status));
    if (open.length === 0) return;
    for (const { id, status } of open)
      if (status !== "in_doubt" && round > 0) await engine.cancel(id, { canceledBy: "host" }).catch(() => undefined);
    await settle();
  }
  assert.fail("an execution does not end");
}

async function checkEnd({ store, cloud }: Ground): Promise<void> {
  const bought = new Set(cloud.ledger().map(({ token }) => token));
  const priceOf = new Map<string, { readonly account: string; readonly amount: string }>();
  for (const { lineageKey, lines } of (await store.history({ limit: 200 })).executions)
    for (const { index, request } of lines)
      priceOf.set(deriveIdempotencyToken(lineageKey, index), { account: request.account, ...request.expectedPrice });
  const { uses = [] } = (await store.limits()) ?? {};
  for (const { limit, used, held } of uses) {
    const prices = [...priceOf]
      .filter(([token]) => bought.has(token))
      .filter(([, { account }]) => limit.scope.account === undefined || limit.scope.account === account)
      .map(([, { amount }]) => amount);
    const sum = prices.reduce((total, amount) => total.plus(amount), new Big(0));
    assert.deepEqual({ limit: limit.name, held, used }, { limit: limit.name, held: "0", used: sum.toFixed() });
  }
}

describe("spending limits are never exceeded and leak no hold", () => {
  onEachGround(scenarioArbitrary, RUNS, async (scenario, ground) => {
    assert.deepEqual(await play(scenario, ground), []);
    await checkEnd(ground);
  });
});
