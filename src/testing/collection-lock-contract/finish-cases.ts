import { assert } from "../assert.js";
import { unique } from "../store-contract/samples.js";
import { atOnce } from "../store-contract/steps.js";
import { type LockCase, RACERS } from "./lock-case.js";
import { ended, started } from "./lock-steps.js";

/** Cases about how runs end. */
export const finishCases: readonly LockCase[] = [
  {
    name: "a run that collected clears its mark, and the next start learns when",
    async run({ lock }) {
      const first = await started(lock);
      assert.equal(await ended(lock, first), true);
      const { running, lastCollectedAt, lastFinishedAt } = await lock.state(first.scope);
      assert.equal(running, null);
      assert.equal(lastFinishedAt, lastCollectedAt);
      assert.ok(Number(lastCollectedAt) >= first.startedAt);
      assert.equal((await started(lock, first.scope)).lastCollectedAt, lastCollectedAt);
    },
  },
  {
    name: "a run that failed has finished, and has collected nothing",
    async run({ lock, pass }) {
      const first = await started(lock);
      assert.equal(await ended(lock, first, "failed"), true);
      const { running, lastCollectedAt, lastFinishedAt } = await lock.state(first.scope);
      assert.deepEqual([running, lastCollectedAt], [null, null]);
      assert.ok(Number(lastFinishedAt) >= first.startedAt);
      await ended(lock, await started(lock, first.scope));
      const collected = await lock.state(first.scope);
      await pass(5);
      await ended(lock, await started(lock, first.scope), "failed");
      const failed = await lock.state(first.scope);
      assert.equal(failed.lastCollectedAt, collected.lastCollectedAt);
      assert.ok(Number(failed.lastFinishedAt) > Number(collected.lastFinishedAt));
    },
  },
  {
    name: "a run that was not started counts as if it had never been marked",
    async run({ lock, pass }) {
      const scope = unique("scope");
      const before = await lock.state(scope);
      assert.equal(await ended(lock, await started(lock, scope), "not_started"), true);
      assert.deepEqual(await lock.state(scope), before);
      await ended(lock, await started(lock, scope));
      const collected = await lock.state(scope);
      await pass(5);
      assert.equal(await ended(lock, await started(lock, scope), "not_started"), true);
      assert.deepEqual(await lock.state(scope), collected);
    },
  },
  {
    name: "of many racing finishes of one run, one clears the mark",
    async run({ lock }) {
      const run = await started(lock);
      const results = await atOnce(RACERS, () => ended(lock, run));
      assert.equal(results.filter(Boolean).length, 1, "not exactly one has cleared the mark");
    },
  },
];
