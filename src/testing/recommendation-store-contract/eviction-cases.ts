import type { RecommendationStore } from "../../store-port/recommendation-store.js";
import { assert } from "../assert.js";
import { ended, runOut, started, startOf } from "../collection-lock-contract/lock-steps.js";
import { unique } from "../store-contract/samples.js";
import type { RecommendationCase } from "./recommendation-case.js";
import { put, sampleRecommendation, sourceOf, storedBefore, subjectsIn, sweepOf } from "./recommendation-steps.js";

/** What earlier runs have stored: of two sources, of two accounts, and of a member that both accounts answer for. */
const everywhere = () => [
  sampleRecommendation("s1 a1"),
  sampleRecommendation("s1 a1 member", { account: "m1" }),
  sampleRecommendation("s1 a2", { askedAccount: "a2" }),
  sampleRecommendation("s1 a2 about a1", { askedAccount: "a2", account: "a1" }),
  sampleRecommendation("s2 a1", { source: "s2" }),
];

const subjects = async (store: RecommendationStore, scope: string): Promise<readonly string[]> =>
  (await subjectsIn(store, scope)).toSorted();

/** Cases about what is removed. */
export const evictionCases: readonly RecommendationCase[] = [
  {
    name: "completeAccount removes what the run did not put of the source and the asked account, and nothing else",
    async run({ store }) {
      const scope = await storedBefore(store, ...everywhere());
      const other = await storedBefore(store, ...everywhere());
      const run = await started(store, scope);
      await put(store, run, sampleRecommendation("new"));
      assert.equal(await store.completeAccount(sweepOf(run)), true);
      assert.deepEqual(await subjects(store, scope), ["new", "s1 a2", "s1 a2 about a1", "s2 a1"]);
      assert.deepEqual(
        await subjects(store, other),
        everywhere()
          .map(({ subject }) => String(subject["size"]))
          .toSorted(),
      );
    },
  },
  {
    name: "completeSource removes what the run did not put of the source, of accounts that are not asked too",
    async run({ store }) {
      const scope = await storedBefore(store, ...everywhere());
      const other = await storedBefore(store, ...everywhere());
      const run = await started(store, scope);
      await put(store, run, sampleRecommendation("new"));
      assert.equal(await store.completeSource(sourceOf(run)), true);
      assert.deepEqual(await subjects(store, scope), ["new", "s2 a1"]);
      assert.equal((await subjects(store, other)).length, everywhere().length);
    },
  },
  {
    name: "nothing that a run put is removed by its completion, in whichever call it put it",
    async run({ store }) {
      const scope = await storedBefore(store, ...everywhere());
      const run = await started(store, scope);
      for (const one of [...everywhere(), sampleRecommendation("new")]) await put(store, run, one);
      for (const account of ["a1", "a2"]) await store.completeAccount(sweepOf(run, "s1", account));
      await store.completeSource(sourceOf(run));
      assert.equal((await subjects(store, scope)).length, everywhere().length + 1);
    },
  },
  {
    name: "what a run put for another account is not removed with the account that had it before",
    async run({ store }) {
      const scope = await storedBefore(store, sampleRecommendation("moves"));
      const run = await started(store, scope);
      await put(store, run, sampleRecommendation("moves", { askedAccount: "a2" }));
      await store.completeAccount(sweepOf(run));
      assert.deepEqual(await subjects(store, scope), ["moves"]);
      await ended(store, run);
      const next = await started(store, scope);
      await store.completeAccount(sweepOf(next));
      assert.deepEqual(await subjects(store, scope), ["moves"]);
      await store.completeAccount(sweepOf(next, "s1", "a2"));
      assert.deepEqual(await subjects(store, scope), []);
    },
  },
  {
    name: "nothing is removed by a run that fails, however far it came",
    async run({ store }) {
      const scope = await storedBefore(store, ...everywhere());
      const run = await started(store, scope);
      await put(store, run, sampleRecommendation("new"));
      await store.failSource(sourceOf(run), { message: "denied", failures: 1 });
      await store.renew(run);
      await ended(store, run, "failed");
      await ended(store, await started(store, scope), "collected");
      await ended(store, await started(store, scope), "not_started");
      assert.equal((await subjects(store, scope)).length, everywhere().length + 1);
    },
  },
  {
    name: "nothing is removed by a start that takes over",
    async run({ store, pass }) {
      const scope = await storedBefore(store, ...everywhere());
      const lost = await runOut({ lock: store, pass }, scope);
      await put(store, lost, sampleRecommendation("new"));
      const next = await started(store, scope);
      assert.equal((await subjects(store, scope)).length, everywhere().length + 1);
      await put(store, next, sampleRecommendation("newer"));
      await store.completeSource(sourceOf(next));
      assert.deepEqual(await subjects(store, scope), ["newer", "s2 a1"]);
    },
  },
  {
    name: "what a run put before it was handed over counts as put by another run",
    async run({ store }) {
      const run = await started(store);
      await put(store, run, sampleRecommendation("before"), sampleRecommendation("again"));
      const to = unique("run");
      await store.handOver({ ...startOf(run.scope), owner: run.owner, to });
      assert.deepEqual(await subjects(store, run.scope), ["again", "before"]);
      const next = { scope: run.scope, owner: to };
      await put(store, next, sampleRecommendation("again"));
      await store.completeAccount(sweepOf(next));
      assert.deepEqual(await subjects(store, run.scope), ["again"]);
    },
  },
];
