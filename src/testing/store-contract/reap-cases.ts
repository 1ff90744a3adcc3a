import type { Execution } from "../../domain/execution.js";
import type { LineState } from "../../domain/line-state.js";
import type { ExecutionStore, LineProof, ReapSweep, ReapVerdict } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import {
  type ContractCase,
  LONG_LEASE_MS,
  PAST_SHORT_LEASE_MS,
  RACERS,
  SHORT_LEASE_MS,
  type Subject,
} from "./contract-case.js";
import { sampleLine } from "./samples.js";
import { atOnce, changeOf, created, moved, read, storedAbout } from "./steps.js";
import { clearDue, createdApart, EVERYTHING, take } from "./sweep-steps.js";

/** A different status for each proof, so that a wrong verdict shows. */
const OUTCOME = {
  unsettled: "in_doubt",
  all_skipped: "canceled",
  all_committed: "completed",
  some_committed: "partially_completed",
  none_committed: "failed",
} as const satisfies Record<LineProof, string>;

const VERDICTS: readonly ReapVerdict[] = (["approved", "running"] as const).flatMap((from) =>
  (Object.keys(OUTCOME) as LineProof[]).map((proof) => ({
    from,
    proof,
    to: OUTCOME[proof],
    because: `the lines of the ${from} one are ${proof}.`,
  })),
);

/** Line states with their proof, at least one example for each proof. */
const PROVED: readonly { readonly states: readonly LineState[]; readonly proof: LineProof }[] = [
  { states: ["committed", "submitting"], proof: "unsettled" },
  { states: ["planned", "in_doubt"], proof: "unsettled" },
  { states: ["committed", "committed"], proof: "all_committed" },
  { states: ["skipped", "committed"], proof: "all_committed" },
  { states: ["committed", "rejected", "skipped"], proof: "some_committed" },
  { states: ["planned", "committed"], proof: "some_committed" },
  { states: ["planned"], proof: "none_committed" },
  { states: ["rejected", "skipped"], proof: "none_committed" },
  { states: ["skipped"], proof: "all_skipped" },
  { states: ["skipped", "skipped"], proof: "all_skipped" },
  { states: ["skipped", "in_doubt"], proof: "unsettled" },
];

const sweepOf = (parts: Partial<ReapSweep> = {}): ReapSweep => ({
  olderThanMs: SHORT_LEASE_MS,
  limit: EVERYTHING,
  actor: "reaper-1",
  verdicts: VERDICTS,
  ...parts,
});

type Reap = NonNullable<ExecutionStore["reap"]>;

/** A case for stores that have `reap`. It passes where a store has none. */
const reaping = (name: string, run: (subject: Subject, reap: Reap) => Promise<void>): ContractCase => ({
  name,
  async run(subject) {
    const { store } = subject;
    if (store.reap === undefined) return;
    await clearDue(store);
    await run(subject, store.reap.bind(store));
  },
});

const linesIn = (states: readonly LineState[]) => states.map((state, index) => ({ ...sampleLine(index), state }));

/** Cases about `reap`, which moves all stuck executions at once. */
export const reapCases: readonly ContractCase[] = [
  reaping(
    "reap moves what is stuck to what its lines prove, with its event, and counts",
    async ({ store, pass }, reap) => {
      const running = await Promise.all(
        PROVED.map(({ states }) => created(store, { status: "running", lines: linesIn(states), wakeAt: 1 })),
      );
      const approved = await created(store);
      await pass(PAST_SHORT_LEASE_MS);
      assert.deepEqual(await reap(sweepOf()), { found: PROVED.length + 1, reaped: PROVED.length + 1 });
      for (const [at, before] of running.entries())
        await assertReaped(store, before, PROVED[at]?.proof ?? assert.fail());
      await assertReaped(store, approved, "none_committed");
    },
  ),
  reaping("reap takes over from a worker whose lease is over", async ({ store, pass }, reap) => {
    const before = await moved(store, changeOf(await created(store), { status: "running", lease: take(1) }));
    await pass(PAST_SHORT_LEASE_MS);
    await reap(sweepOf());
    await assertReaped(store, before, "none_committed");
  }),
  reaping(
    "reap leaves alone what is leased, asleep, or neither approved nor running",
    async ({ store, pass }, reap) => {
      const executions = [
        await moved(store, changeOf(await created(store), { status: "running", lease: take(LONG_LEASE_MS) })),
        await moved(store, changeOf(await created(store), { wakeAt: { inMs: LONG_LEASE_MS } })),
        await created(store, { status: "in_doubt" }),
        await created(store, { status: "scheduled", wakeAt: 1 }),
      ];
      const before = await Promise.all(executions.map(({ id }) => storedAbout(store, id)));
      await pass(PAST_SHORT_LEASE_MS);
      assert.deepEqual(await reap(sweepOf()), { found: 0, reaped: 0 });
      assert.deepEqual(await Promise.all(executions.map(({ id }) => storedAbout(store, id))), before);
    },
  ),
  reaping("reap leaves alone what has not been without activity for long enough", async ({ store, pass }, reap) => {
    const execution = await created(store);
    await pass(PAST_SHORT_LEASE_MS);
    assert.deepEqual(await reap(sweepOf({ olderThanMs: LONG_LEASE_MS })), { found: 0, reaped: 0 });
    assert.deepEqual(await read(store, execution.id), execution);
  }),
  reaping("reap leaves alone what no verdict fits, and counts it as found", async ({ store, pass }, reap) => {
    const doubtful = await created(store, { status: "running", lines: linesIn(["in_doubt"]) });
    const approved = await created(store);
    const planned = await created(store, { status: "running" });
    const before = [await storedAbout(store, doubtful.id), await storedAbout(store, approved.id)];
    await pass(PAST_SHORT_LEASE_MS);
    const verdicts = VERDICTS.filter(({ from, proof }) => from === "running" && proof === "none_committed");
    assert.deepEqual(await reap(sweepOf({ verdicts })), { found: 3, reaped: 1 });
    await assertReaped(store, planned, "none_committed");
    assert.deepEqual([await storedAbout(store, doubtful.id), await storedAbout(store, approved.id)], before);
  }),
  reaping("reap takes the oldest first, and no more than asked for", async (subject, reap) => {
    const { store, pass } = subject;
    const executions = await createdApart(subject, {});
    await pass(PAST_SHORT_LEASE_MS);
    assert.deepEqual(await reap(sweepOf({ limit: 2 })), { found: 2, reaped: 2 });
    const statuses = await Promise.all(executions.map(async ({ id }) => (await read(store, id)).status));
    assert.deepEqual(statuses, ["failed", "failed", "approved"]);
  }),
  reaping("of many racing reapers one reaps each execution", async ({ store, pass }, reap) => {
    const executions = await atOnce(12, () => created(store));
    await pass(PAST_SHORT_LEASE_MS);
    const races = await atOnce(RACERS, () => reap(sweepOf({ limit: 3 })));
    const rest = await reap(sweepOf());
    assert.equal(
      [...races, rest].reduce((sum, { reaped }) => sum + reaped, 0),
      12,
    );
    for (const before of executions) await assertReaped(store, before, "none_committed");
  }),
  reaping("of a reaper and a worker's claim that race one wins", async ({ store, pass }, reap) => {
    const executions = await atOnce(8, () => created(store));
    await pass(PAST_SHORT_LEASE_MS);
    const claim = {
      guard: { status: ["approved"], leaseFree: true },
      status: "running",
      lease: take(LONG_LEASE_MS),
    } as const;
    const [{ reaped }, ...claims] = await Promise.all([
      reap(sweepOf()),
      ...executions.map((execution) => store.commit(changeOf(execution, claim))),
    ]);
    const claimed = executions.filter((_, at) => claims[at]?.kind === "moved").map(({ id }) => id);
    assert.equal(claimed.length + reaped, 8);
    for (const { id } of executions) {
      const { status, version } = await read(store, id);
      assert.deepEqual([status, version], [claimed.includes(id) ? "running" : "failed", 2]);
    }
  }),
];

/** Asserts that one sweep brought an execution to this proof, and nothing else. */
async function assertReaped(store: ExecutionStore, before: Execution, proof: LineProof): Promise<void> {
  const { execution, events } = await storedAbout(store, before.id);
  const { updatedAt: at, reason } = execution ?? assert.fail("the execution is gone");
  const version = before.version + 1;
  const changed = {
    status: OUTCOME[proof],
    reason,
    lease: null,
    wakeAt: null,
    version,
    updatedAt: at,
    statusChangedAt: at,
  };
  assert.deepEqual(execution, { ...before, ...changed });
  const seconds = Math.round((at - before.updatedAt) / 1_000);
  assert.match(reason ?? "", new RegExp(`^Stuck in ${before.status} for (${seconds}|${seconds + 1}) s; `));
  assert.ok(reason?.endsWith(` s; the lines of the ${before.status} one are ${proof}.`), `reason: ${reason}`);
  assert.deepEqual(events.slice(before.version), [
    { executionId: before.id, version, at, status: OUTCOME[proof], kind: "reaped", actor: "reaper-1", reason },
  ]);
}
