import type { CollectionLock } from "../../store-port/collection-lock.js";
import { assert } from "../assert.js";
import { unique } from "../store-contract/samples.js";
import { atOnce } from "../store-contract/steps.js";
import { LONG_TTL_MS, type LockCase, type LockSubject, RACERS } from "./lock-case.js";
import { ended, markOf, runOut, started, startOf } from "./lock-steps.js";

/** Starts many runs of a scope at once, and asserts that one starts and the others learn of it. */
async function assertOneStarts(lock: CollectionLock, scope: string): Promise<void> {
  const starts = Array.from({ length: RACERS }, () => startOf(scope));
  const results = await atOnce(RACERS, (racer) => lock.tryStart(starts[racer] ?? startOf(scope)));
  const winners = starts.filter((_, racer) => results[racer]?.kind === "started");
  assert.equal(winners.length, 1, "not exactly one run has started");
  const mark = await markOf(lock, scope);
  assert.equal(mark.owner, winners[0]?.owner);
  for (const result of results) if (result.kind === "running") assert.deepEqual(result, { kind: "running", ...mark });
}

/** Scopes in which a run may start, by what became of the runs before. */
const FREE: Readonly<Record<string, (subject: LockSubject) => Promise<string>>> = {
  "that was never collected": async () => unique("scope"),
  "whose mark has run out": async (subject) => (await runOut(subject)).scope,
  "whose last run has finished": async ({ lock }) => {
    const run = await started(lock);
    await ended(lock, run);
    return run.scope;
  },
};

/** Cases about who starts. */
export const startCases: readonly LockCase[] = [
  {
    name: "nothing is known of a scope that was never collected",
    async run({ lock }) {
      const nothing = { running: null, lastCollectedAt: null, lastFinishedAt: null };
      assert.deepEqual(await lock.state(unique("scope")), nothing);
    },
  },
  {
    name: "a start marks its scope, and says since when",
    async run({ lock }) {
      const { scope, owner, startedAt, lastCollectedAt } = await started(lock);
      const mark = await markOf(lock, scope);
      assert.deepEqual(mark, { owner, startedAt, expiresAt: mark.expiresAt });
      assert.equal(lastCollectedAt, null);
      const lifeMs = mark.expiresAt - startedAt;
      assert.ok(lifeMs >= LONG_TTL_MS && lifeMs < LONG_TTL_MS + 60_000, `the mark lives for ${lifeMs} ms`);
    },
  },
  ...Object.entries(FREE).map(
    ([what, scopeOf]): LockCase => ({
      name: `of many racing starts of a scope ${what}, one starts and the others learn who runs`,
      async run(subject) {
        await assertOneStarts(subject.lock, await scopeOf(subject));
      },
    }),
  ),
  {
    name: "a start that is refused changes nothing, whoever makes it",
    async run({ lock }) {
      const first = await started(lock);
      const before = await lock.state(first.scope);
      for (const start of [startOf(first.scope, 1), startOf(first.scope, LONG_TTL_MS * 2), first])
        assert.deepEqual(await lock.tryStart(start), { kind: "running", ...before.running });
      assert.deepEqual(await lock.state(first.scope), before);
      assert.equal(await lock.renew(first), true);
    },
  },
  {
    name: "scopes know nothing of each other",
    async run({ lock }) {
      const [first, second] = [await started(lock), await started(lock)];
      assert.equal((await markOf(lock, first.scope)).owner, first.owner);
      assert.equal(await lock.finish({ scope: second.scope, owner: first.owner, outcome: "collected" }), false);
      await ended(lock, second);
      assert.equal((await markOf(lock, first.scope)).owner, first.owner);
      assert.equal((await lock.state(first.scope)).lastFinishedAt, null);
    },
  },
  {
    name: "times are by the clock of the lock",
    async run({ lock, pass }) {
      const first = await started(lock);
      await pass(150);
      await ended(lock, first);
      const { lastCollectedAt, lastFinishedAt } = await lock.state(first.scope);
      await pass(150);
      const second = await started(lock, first.scope);
      const times = [first.startedAt, Number(lastCollectedAt), second.startedAt] as const;
      assert.equal(lastFinishedAt, lastCollectedAt);
      // A database's clock may be set while the machine's timer runs, so the two are compared loosely.
      assert.ok(times[1] - times[0] >= 50 && times[2] - times[1] >= 50, `times are ${times.join(", ")}`);
    },
  },
];
