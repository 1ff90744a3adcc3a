import { assert } from "../assert.js";
import { ended, started } from "../collection-lock-contract/lock-steps.js";
import { unique } from "../store-contract/samples.js";
import type { RecommendationCase } from "./recommendation-case.js";
import { freshnessOf, put, sampleRecommendation, sourceOf, sweepOf } from "./recommendation-steps.js";

const DENIED = { message: "denied \0 in r1", failures: 2 };

/** Cases about how fresh sources are. */
export const freshnessCases: readonly RecommendationCase[] = [
  {
    name: "nothing is known of sources before a run ends them",
    async run({ store }) {
      assert.deepEqual(await store.freshness(unique("scope")), []);
      const run = await started(store);
      await put(store, run, sampleRecommendation("new"));
      await store.completeAccount(sweepOf(run));
      assert.deepEqual(await store.freshness(run.scope), []);
    },
  },
  {
    name: "completeSource moves the freshness of its source, and of no other",
    async run({ store, pass }) {
      const run = await started(store);
      for (const source of ["s2", "s1"]) assert.equal(await store.completeSource(sourceOf(run, source)), true);
      const before = await store.freshness(run.scope);
      assert.deepEqual(
        before.map(({ source, error }) => ({ source, error })),
        ["s1", "s2"].map((source) => ({ source, error: null })),
      );
      for (const { succeededAt } of before) assert.ok(Number(succeededAt) >= run.startedAt);
      await pass(5);
      await store.completeSource(sourceOf(run, "s2"));
      const after = await store.freshness(run.scope);
      assert.deepEqual(after[0], before[0]);
      assert.ok(Number(after[1]?.succeededAt) > Number(before[1]?.succeededAt));
      assert.deepEqual(await store.freshness((await started(store)).scope), []);
    },
  },
  {
    name: "failSource keeps the error with its time, and leaves the time of the last success",
    async run({ store, pass }) {
      const run = await started(store);
      await store.completeSource(sourceOf(run));
      const before = await freshnessOf(store, run.scope);
      await pass(5);
      assert.equal(await store.failSource(sourceOf(run), DENIED), true);
      const after = await freshnessOf(store, run.scope);
      assert.equal(after?.succeededAt, before?.succeededAt);
      assert.match(String(after?.error?.message), /^denied . in r1$/);
      assert.deepEqual([after?.error?.failures], [2]);
      assert.ok(Number(after?.error?.at) > Number(before?.succeededAt));
      await store.failSource(sourceOf(run), { message: "throttled", failures: 1 });
      const last = await freshnessOf(store, run.scope);
      assert.deepEqual([last?.error?.message, last?.error?.failures], ["throttled", 1]);
    },
  },
  {
    name: "a source that never succeeded says so",
    async run({ store }) {
      const run = await started(store);
      await store.failSource(sourceOf(run), DENIED);
      await ended(store, run, "failed");
      assert.equal((await freshnessOf(store, run.scope))?.succeededAt, null);
    },
  },
  {
    name: "completeSource ends the error of its source",
    async run({ store }) {
      const run = await started(store);
      for (const source of ["s1", "s2"]) await store.failSource(sourceOf(run, source), DENIED);
      await ended(store, run, "failed");
      const next = await started(store, run.scope);
      await store.completeSource(sourceOf(next));
      const freshness = await freshnessOf(store, run.scope);
      assert.equal(freshness?.error, null);
      assert.ok(Number(freshness?.succeededAt) >= next.startedAt);
      assert.notEqual((await freshnessOf(store, run.scope, "s2"))?.error, null);
    },
  },
];
