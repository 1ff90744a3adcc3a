import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isBuyonceError } from "../../src/domain/errors.js";
import type { Execution, PurchaseLine } from "../../src/domain/execution.js";
import { isUnsettled } from "../../src/domain/line-state.js";
import { engineContext } from "../../src/engine/engine-context.js";
import { recordEvidence } from "../../src/engine/line/record-evidence.js";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import { type PruneOptions, pruneExecutions } from "../../src/state-machine/prune-executions.js";
import { isTerminal } from "../../src/state-machine/transitions.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import type { LedgerEntry, SimulatedFaults } from "../../src/testing/simulated-cloud.js";
import { CONTRACT, type PurchaseFixture, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

const DAY = 86_400_000;
const TERM = 365 * DAY;

type Basket = { readonly basket: number };

/** What people, workers and the scheduler do, one after the other. `basket` picks one of the request keys. */
type Step =
  | ({ readonly kind: "buy" | "retry" | "submit" | "run" | "cancel" | "pause" | "resume" | "evidence" } & Basket)
  | { readonly kind: "tick" }
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "prune"; readonly keepMs: number; readonly aheadMs: number; readonly limit: number };

interface History {
  readonly steps: readonly Step[];
  readonly faults: SimulatedFaults;
}

const basket = fc.integer({ min: 0, max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constantFrom("buy", "retry"), basket }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom("submit", "run", "cancel", "pause", "resume", "evidence"),
      basket,
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: "tick" as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      // Around the times that decide: a doubt's end, the shortest keepMs, the term, the term with keepMs.
      ms: fc
        .constantFrom(400_000, 20 * DAY, 31 * DAY, 100 * DAY, TERM - DAY, TERM + 31 * DAY)
        .chain((ms) => fc.integer({ min: ms - 2, max: ms + 2 })),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("prune" as const),
      keepMs: fc.constantFrom(31 * DAY, 100 * DAY),
      aheadMs: fc.constantFrom(0, 0, -2 * TERM, 5 * TERM, 50 * TERM),
      limit: fc.integer({ min: 1, max: 10 }),
    }),
  },
);

const history: fc.Arbitrary<History> = fc.record({
  steps: fc.array(step, { minLength: 5, maxLength: 40, size: "max" }),
  faults: fc.record({
    purchases: fc.array(
      fc.constantFrom(
        { kind: "none" } as const,
        { kind: "rejected" } as const,
        { kind: "rejected" } as const,
        { kind: "lost-reply" } as const,
        { kind: "lost-request" } as const,
        { kind: "late-landing", ms: 200_000 } as const,
        { kind: "split" } as const,
      ),
      { maxLength: 8 },
    ),
    labels: fc.array(fc.boolean(), { maxLength: 6 }),
  }),
});

/** A way of getting it wrong, and what must notice it. */
interface Sabotage {
  readonly noticedBy: "ledger" | "books";
  readonly options?: PruneOptions;
  readonly spoil?: (store: ExecutionStore) => ExecutionStore;
}

interface World extends PurchaseFixture {
  readonly sabotage?: Sabotage | undefined;
}

async function play(contract: keyof typeof CONTRACT, { steps, faults }: History, sabotage?: Sabotage) {
  // Months pass in a scenario, and a retry must still be approved after them.
  const world = { ...purchaseFixture(CONTRACT[contract], faults, { approvalWaitMs: null }), sabotage };
  for (const one of steps) {
    await act(world, one).catch(ignoreRefusal);
    checkOfferings(world.cloud.ledger());
  }
  if (sabotage === undefined) await checkRest(world);
}

/** Refusals are part of life: there is nothing to retry, to pause, to run. */
function ignoreRefusal(thrown: unknown): void {
  if (!isBuyonceError(thrown)) throw thrown;
}

async function act(world: World, one: Step): Promise<unknown> {
  const { clock, engine } = world;
  if (one.kind === "pass") return clock.advance(one.ms);
  if (one.kind === "tick") return engine.tick();
  if (one.kind === "prune") return prune(world, one);
  if (one.kind === "evidence") return bringEvidence(world, one.basket);
  const { id } = await latest(world, one.basket);
  switch (one.kind) {
    case "buy":
      await engine.resume(id, { resumedBy: "ann" }).catch(ignoreRefusal);
      await engine.approve(id, { approvedBy: "bob" });
      return engine.run(id);
    case "run":
      return engine.run(id);
    case "retry":
      return engine.retry(id, { requestedBy: "ann", force: true });
    case "cancel":
      return engine.cancel(id, { canceledBy: "ann" });
    case "pause":
      return engine.pause(id, { pausedBy: "ann" });
    case "resume":
      return engine.resume(id, { resumedBy: "ann" });
    default:
      return undefined;
  }
}

/** Submits under the basket's key, as a message that is delivered again would; then the latest retry of what that is. */
async function latest({ store, engine }: World, number: number): Promise<Execution> {
  const lines = [0, 1].slice(0, 1 + (number % 2)).map((line) => simulatedLine({ offering: { number, line } }));
  const { id } = await engine.submit({ requestKey: `basket-${number}`, createdBy: "ann", lines });
  let execution = (await store.get(id)) ?? assert.fail();
  while (execution.successorId !== null) execution = (await store.get(execution.successorId)) ?? assert.fail();
  return execution;
}

const tokensOf = ({ lineageKey, lines }: Execution): readonly string[] =>
  lines.map(({ index }) => deriveIdempotencyToken(lineageKey, index));

/** A worker that lost its execution wakes up and says what it bought. */
async function bringEvidence({ store, cloud, clock }: World, number: number): Promise<void> {
  const context = engineContext({ store, providers: [cloud.provider], clock });
  for (const execution of await all(store))
    for (const { index } of execution.requestKey === `basket-${number}` ? execution.lines : []) {
      const token = deriveIdempotencyToken(execution.lineageKey, index);
      const commitmentIds = cloud.ledger().flatMap((entry) => (entry.token === token ? [entry.commitmentId] : []));
      if (commitmentIds.length === 0) continue;
      const commitment = { commitmentIds, adopted: false };
      await recordEvidence(context, { executionId: execution.id, lineIndex: index, commitment, needsLabel: false });
    }
}

const all = async (store: ExecutionStore): Promise<readonly Execution[]> =>
  (await store.history({ limit: 200 })).executions;

/** Prunes, by a machine whose clock may be years off, and checks what went by the ledger and the store's clock. */
async function prune(
  { store, cloud, clock, sabotage }: World,
  { keepMs, aheadMs, limit }: Extract<Step, { kind: "prune" }>,
): Promise<void> {
  const before = await all(store);
  const report = await pruneExecutions(sabotage?.spoil?.(store) ?? store, {
    keepMs,
    limit,
    clock: manualClock(clock.now() + aheadMs),
    ...sabotage?.options,
  });
  if (sabotage?.noticedBy === "ledger") return;
  const left = new Set((await all(store)).map(({ id }) => id));
  const gone = before.filter(({ id }) => !left.has(id));
  const surroundings = { before, left, latest: clock.now() - keepMs, ledger: cloud.ledger() };
  for (const execution of gone) checkGone(execution, surroundings);
  assert.equal(gone.length, report.removed);
  assert.equal(new Set(gone.map(({ lineageKey }) => lineageKey)).size, report.removedLineages);
  const kept = Object.values(report.kept).reduce((sum, count) => sum + count, 0);
  assert.equal(report.removedLineages + kept, report.examined);
}

interface Surroundings {
  readonly before: readonly Execution[];
  readonly left: ReadonlySet<string>;
  /** Whatever went must have been over by then. */
  readonly latest: number;
  readonly ledger: readonly LedgerEntry[];
}

function checkGone(execution: Execution, { before, left, latest, ledger }: Surroundings): void {
  const lineage = before.filter(({ lineageKey }) => lineageKey === execution.lineageKey);
  assert.ok(!lineage.some(({ id }) => left.has(id)), "a lineage was removed in part");
  assert.ok(!isNeeded(execution), "an open execution was removed");
  assert.ok(execution.updatedAt <= latest, "an execution was removed that had just changed");
  const tokens = tokensOf(execution);
  for (const { token, landedAt } of ledger)
    assert.ok(!tokens.includes(token) || landedAt + TERM <= latest, "a live commitment was forgotten");
}

/** Whether something of an execution can still happen, or is still to be done. */
const isNeeded = ({ status, lines }: Execution): boolean =>
  !isTerminal(status) || lines.some(({ state, needsLabel }) => isUnsettled(state) || needsLabel);

/** The oracle: nothing is bought while what was bought under the same key before still runs. */
function checkOfferings(ledger: readonly LedgerEntry[]): void {
  for (const offering of new Set(ledger.map((entry) => entry.offering))) {
    const alike = ledger.filter((entry) => entry.offering === offering);
    const landings = new Map(alike.map((entry) => [entry.requestId, entry]));
    const times = [...landings.values()].map(({ landedAt }) => landedAt).sort((a, b) => a - b);
    for (const [at, time] of times.slice(1).entries())
      assert.ok(time >= (times[at] ?? 0) + TERM, `bought twice in one term: ${offering}`);
  }
}

/** Once all is over nothing is kept but what waits for somebody. */
async function checkRest({ store, cloud, clock, engine }: World): Promise<void> {
  cloud.heal();
  for (let round = 0; round < 8; round += 1) {
    clock.advance(400_000);
    await engine.tick();
  }
  clock.advance(3 * TERM);
  await pruneExecutions(store, { clock, keepMs: 31 * DAY });
  const left = await all(store);
  for (const { lineageKey } of left)
    assert.ok(
      left.some((one) => one.lineageKey === lineageKey && isNeeded(one)),
      "a lineage was kept without a need",
    );
}

/** The store as somebody would see it who misreads lines. */
const misread = (store: ExecutionStore, misreading: Partial<PurchaseLine>): ExecutionStore => {
  const misreadOf = (execution: Execution): Execution => ({
    ...execution,
    lines: execution.lines.map((line) => ({ ...line, ...misreading })),
  });
  return {
    ...store,
    get: async (id) => {
      const execution = await store.get(id);
      return execution && misreadOf(execution);
    },
    history: async (query) => {
      const page = await store.history(query);
      return { ...page, executions: page.executions.map(misreadOf) };
    },
  };
};

const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  "forgets terms": { noticedBy: "ledger", options: { knownState: () => "ended" } },
  "removes by this machine's clock": {
    noticedBy: "ledger",
    spoil: (store) => ({ ...store, remove: ({ executions }) => store.remove({ executions, notBefore: 0 }) }),
  },
  "takes every line for refused": {
    noticedBy: "ledger",
    spoil: (store) => misread(store, { state: "rejected", rejection: { code: "Refused", message: "refused" } }),
  },
  "takes every line for labeled": { noticedBy: "books", spoil: (store) => misread(store, { needsLabel: false }) },
  "looks at the first execution of a lineage alone": {
    noticedBy: "ledger",
    spoil: (store) => ({
      ...store,
      history: async (query) => {
        const page = await store.history(query);
        return { ...page, executions: page.executions.map((execution) => ({ ...execution, successorId: null })) };
      },
      remove: async ({ executions, notBefore }) => {
        const keys = (await all(store)).filter(({ id }) => executions.some(({ executionId }) => executionId === id));
        const whole = (await all(store)).filter(({ lineageKey }) => keys.some((one) => one.lineageKey === lineageKey));
        return store.remove({ executions: whole.map(({ id, version }) => ({ executionId: id, version })), notBefore });
      },
    }),
  },
};

/** Seeds that a sabotage is tried under. With a single one of 2,500 histories it was once not noticed (303563406). */
const SEEDS = 5;

/** Checks a property under one seed after the other, until one fails it. */
async function checkUnderSeeds(property: fc.IAsyncProperty<[History]>): Promise<fc.RunDetails<[History]>> {
  const { seed = 0 } = fc.readConfigureGlobal();
  let details: fc.RunDetails<[History]> | undefined;
  for (let next = 0; next < SEEDS && !details?.failed; next += 1)
    details = await fc.check(property, { seed: seed + next, numRuns: 2 * HISTORIES, endOnFailure: true });
  return details ?? expect.unreachable();
}

const CONTRACTS = Object.keys(CONTRACT) as (keyof typeof CONTRACT)[];
const HISTORIES = 250;

describe("pruned lineages", { timeout: 120_000 }, () => {
  test.each(CONTRACTS)(
    `under contract %s no pruning lets anything be bought twice (${HISTORIES} histories)`,
    async (contract) => {
      await fc.assert(
        fc.asyncProperty(history, (drawn) => play(contract, drawn)),
        { numRuns: HISTORIES },
      );
    },
  );

  test.each(Object.entries(SABOTAGES))("a pruning that %s is noticed", async (_what, sabotage) => {
    const property = fc.asyncProperty(history, (drawn) => play("none", drawn, sabotage));
    const { failed, errorInstance } = await checkUnderSeeds(property);
    expect(failed).toBe(true);
    const words = sabotage.noticedBy === "ledger" ? /^bought twice in one term/ : /removed/;
    expect(errorInstance).toMatchObject({ name: "AssertionError", message: expect.stringMatching(words) });
  });
});
