import { assert } from "../assert.js";
import { unique } from "../store-contract/samples.js";
import { inEitherOrder } from "../store-contract/steps.js";
import { LONG_TTL_MS, type LockCase, SHORT_TTL_MS } from "./lock-case.js";
import { assertRefused, ended, markOf, OWNER_CALLS, runOut, started, startOf } from "./lock-steps.js";

/** How often a race is run whose end depends on who is first. */
const ROUNDS = 2;

/** Cases about marks that run out. */
export const takeoverCases: readonly LockCase[] = [
  {
    name: "a mark may be taken over once it has run out, and not before",
    async run({ lock, pass }) {
      const first = await started(lock, unique("scope"), SHORT_TTL_MS);
      const mark = await markOf(lock, first.scope);
      const next = startOf(first.scope);
      let result = await lock.tryStart(next);
      for (let waits = 0; result.kind === "running" && waits < 1_000; waits += 1) {
        assert.deepEqual(result, { kind: "running", ...mark });
        await pass(1);
        result = await lock.tryStart(next);
      }
      if (result.kind === "running") assert.fail("a mark that ran out long ago was not taken over");
      assert.ok(result.startedAt >= mark.expiresAt, "a mark was taken over before it ran out");
      assert.equal((await markOf(lock, first.scope)).owner, next.owner);
    },
  },
  {
    name: "a start that takes over leaves no trace of the lost run",
    async run(subject) {
      const { lock } = subject;
      const first = await started(lock);
      await ended(lock, first);
      const { lastCollectedAt, lastFinishedAt } = await lock.state(first.scope);
      const lost = await runOut(subject, first.scope);
      const next = await started(lock, first.scope);
      assert.equal(next.lastCollectedAt, lastCollectedAt);
      const { running, ...rest } = await lock.state(first.scope);
      assert.deepEqual(rest, { lastCollectedAt, lastFinishedAt });
      assert.equal(running?.startedAt, next.startedAt);
      assert.ok(next.startedAt > lost.startedAt);
    },
  },
  {
    name: "the state tells a mark that has run out",
    async run(subject) {
      const { scope, owner, startedAt } = await runOut(subject);
      const mark = await markOf(subject.lock, scope);
      assert.deepEqual(mark, { owner, startedAt, expiresAt: mark.expiresAt });
    },
  },
  {
    name: "a run whose mark has run out may renew it, and keeps others out again",
    async run(subject) {
      const { lock } = subject;
      const { scope, owner, startedAt } = await runOut(subject);
      const renewal = { ...startOf(scope), owner };
      assert.equal(await lock.renew(renewal), true);
      const result = await lock.tryStart(startOf(scope));
      assert.equal(result.kind, "running");
      const mark = await markOf(lock, scope);
      assert.deepEqual([mark.owner, mark.startedAt], [owner, startedAt]);
    },
  },
  {
    name: "a run whose mark has run out may hand it over",
    async run(subject) {
      const { lock } = subject;
      const run = await runOut(subject);
      const to = unique("run");
      assert.equal(await lock.handOver({ ...startOf(run.scope), owner: run.owner, to }), true);
      assert.equal((await markOf(lock, run.scope)).owner, to);
    },
  },
  {
    name: "a run whose mark has run out may finish",
    async run(subject) {
      const { lock } = subject;
      const run = await runOut(subject);
      assert.equal(await ended(lock, run), true);
      const { running, lastCollectedAt } = await lock.state(run.scope);
      assert.equal(running, null);
      assert.notEqual(lastCollectedAt, null);
    },
  },
  ...Object.entries(OWNER_CALLS).map(
    ([verb, call]): LockCase => ({
      name: `${verb} of a run that was taken over changes nothing`,
      async run(subject) {
        const { lock } = subject;
        const lost = await runOut(subject);
        const next = await started(lock, lost.scope);
        await assertRefused(lock, lost.scope, () => call(lock, lost));
        assert.equal(await lock.renew(next), true);
      },
    }),
  ),
  ...Object.entries(OWNER_CALLS).map(
    ([verb, call]): LockCase => ({
      name: `of ${verb} and a start that takes over, one is first`,
      async run(subject) {
        const { lock } = subject;
        for (let round = 0; round < ROUNDS; round += 1) {
          const late = await runOut(subject);
          const next = startOf(late.scope);
          const [isDone, result] = await inEitherOrder(
            round,
            () => call(lock, { ...late, ttlMs: LONG_TTL_MS }),
            () => lock.tryStart(next),
          );
          const { running } = await lock.state(late.scope);
          if (verb === "finish") {
            // A finish that was first leaves nothing to take over, and the start begins afresh.
            assert.equal(result.kind, "started");
            assert.equal(running?.owner, next.owner, "the mark of the next run was cleared");
          } else {
            assert.equal(result.kind === "started", !isDone, "both runs have the mark, or none has it");
            assert.equal(running?.owner === next.owner, !isDone);
          }
        }
      },
    }),
  ),
];
