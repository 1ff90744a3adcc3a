import { assert } from "../assert.js";
import { unique } from "../store-contract/samples.js";
import { atOnce } from "../store-contract/steps.js";
import { LONG_TTL_MS, type LockCase, PAST_SHORT_TTL_MS, RACERS, SHORT_TTL_MS } from "./lock-case.js";
import { assertRefused, ended, markOf, OWNER_CALLS, started, startOf } from "./lock-steps.js";

/** Cases about the run that has the mark, and about runs that have not. */
export const ownerCases: readonly LockCase[] = [
  ...Object.entries(OWNER_CALLS).map(
    ([verb, call]): LockCase => ({
      name: `${verb} of a run that does not have the mark changes nothing`,
      async run({ lock }) {
        const scope = unique("scope");
        await assertRefused(lock, scope, () => call(lock, startOf(scope)));
        const first = await started(lock, scope);
        await assertRefused(lock, scope, () => call(lock, startOf(scope)));
        await ended(lock, first);
        await assertRefused(lock, scope, () => call(lock, first));
        await started(lock, scope);
        await assertRefused(lock, scope, () => call(lock, first));
      },
    }),
  ),
  {
    name: "renew lets the mark run out from now on, and keeps the rest of it",
    async run({ lock, pass }) {
      const { scope, owner, startedAt } = await started(lock);
      const before = await markOf(lock, scope);
      await pass(40);
      assert.equal(await lock.renew({ scope, owner, ttlMs: LONG_TTL_MS }), true);
      const after = await markOf(lock, scope);
      assert.deepEqual(after, { owner, startedAt, expiresAt: after.expiresAt });
      const laterMs = after.expiresAt - before.expiresAt;
      // A timer of the machine may be over a little early.
      assert.ok(laterMs >= 35 && laterMs < 60_000, `the mark runs out ${laterMs} ms later`);
      assert.equal(await lock.renew({ scope, owner, ttlMs: SHORT_TTL_MS }), true);
      await pass(PAST_SHORT_TTL_MS);
      assert.equal((await lock.tryStart(startOf(scope))).kind, "started", "a renewal for a short time lasts longer");
    },
  },
  {
    name: "handOver gives the mark to another name, from now on, and keeps the time of the start",
    async run({ lock, pass }) {
      const { scope, owner, startedAt } = await started(lock);
      const before = await markOf(lock, scope);
      await pass(40);
      const to = unique("run");
      assert.equal(await lock.handOver({ scope, owner, to, ttlMs: LONG_TTL_MS }), true);
      const after = await markOf(lock, scope);
      assert.deepEqual(after, { owner: to, startedAt, expiresAt: after.expiresAt });
      const laterMs = after.expiresAt - before.expiresAt;
      assert.ok(laterMs >= 35 && laterMs < 60_000, `the mark runs out ${laterMs} ms later`);
      for (const call of Object.values(OWNER_CALLS))
        await assertRefused(lock, scope, () => call(lock, { scope, owner, ttlMs: LONG_TTL_MS }));
      assert.equal(await lock.renew({ scope, owner: to, ttlMs: LONG_TTL_MS }), true);
      assert.equal(await ended(lock, { scope, owner: to }), true);
    },
  },
  {
    name: "of many racing hand-overs of one run, one gives the mark away",
    async run({ lock }) {
      const run = await started(lock);
      const names = Array.from({ length: RACERS }, () => unique("run"));
      const results = await atOnce(RACERS, (racer) => lock.handOver({ ...run, to: names[racer] ?? "" }));
      assert.equal(results.filter(Boolean).length, 1, "not exactly one has the mark");
      assert.equal((await markOf(lock, run.scope)).owner, names[results.indexOf(true)]);
    },
  },
];
