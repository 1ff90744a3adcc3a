import type { Recommendation } from "../../domain/recommendation.js";
import type { PlacedRecommendation } from "../../store-port/recommendation-store.js";
import { assert } from "../assert.js";
import { runOut, started } from "../collection-lock-contract/lock-steps.js";
import type { RecommendationCase } from "./recommendation-case.js";
import { put, sampleRecommendation, storedBefore, subjectsIn, sweepOf } from "./recommendation-steps.js";

/** What was handed in, of what is stored. */
function handedIn(placed: PlacedRecommendation | undefined): Recommendation {
  const { collectedAt: _, ...given } = placed?.recommendation ?? assert.fail("nothing is stored");
  return given;
}

/** A recommendation with no value where none is needed. */
const bare = (): Recommendation =>
  sampleRecommendation("bare", {
    lookbackDays: null,
    generatedAt: null,
    variant: "shared",
    offer: { kind: "not_purchasable", reason: "No API sells it." },
    figures: {},
    evidence: {},
  });

/** Cases about what is stored. */
export const putCases: readonly RecommendationCase[] = [
  {
    name: "put stores recommendations as they were handed in, as known since the run started",
    async run({ store, pass }) {
      const run = await started(store);
      await pass(5);
      await put(store, run, sampleRecommendation("full"), bare());
      const stored = await store.list({ scope: run.scope, limit: 10 });
      const given = new Map([sampleRecommendation("full"), bare()].map((one) => [one.key, one]));
      for (const one of stored) assert.deepEqual(handedIn(one), given.get(one.recommendation.key));
      assert.equal(stored.length, 2);
      for (const { recommendation, ageMs } of stored) {
        assert.equal(recommendation.collectedAt, run.startedAt);
        assert.ok(ageMs >= 4 && ageMs < 60_000, `known for ${ageMs} ms`);
      }
    },
  },
  {
    name: "put replaces what has the same natural key, and keeps all else",
    async run({ store, pass }) {
      const scope = await storedBefore(store, sampleRecommendation("again"), sampleRecommendation("other"));
      const before = await store.list({ scope, limit: 10 });
      await pass(5);
      const run = await started(store, scope);
      const changed = sampleRecommendation("again", { title: "9 x again", evidence: { more: true } });
      await put(store, run, changed);
      const after = await store.list({ scope, limit: 10 });
      assert.equal(after.length, 2);
      for (const [at, { position, recommendation }] of before.entries()) {
        assert.equal(after[at]?.position, position);
        if (recommendation.key !== changed.key) assert.deepEqual(after[at]?.recommendation, recommendation);
        else {
          assert.deepEqual(handedIn(after[at]), changed);
          assert.ok(Number(after[at]?.recommendation.collectedAt) > recommendation.collectedAt);
        }
      }
    },
  },
  {
    name: "put places a recommendation anew that moved to another source",
    async run({ store }) {
      const scope = await storedBefore(store, sampleRecommendation("moves"), sampleRecommendation("stays"));
      const run = await started(store, scope);
      await put(store, run, sampleRecommendation("moves", { source: "s2" }));
      assert.deepEqual(await subjectsIn(store, scope), ["stays", "moves"]);
      const ofSource = await store.list({ scope, sources: ["s2"], limit: 10 });
      assert.deepEqual(
        ofSource.map(({ recommendation }) => recommendation.source),
        ["s2"],
      );
    },
  },
  {
    name: "of several recommendations with one natural key in one call, put stores the last",
    async run({ store }) {
      const run = await started(store);
      const twice = ["first", "last"].map((title) => sampleRecommendation("twice", { title }));
      assert.equal(await store.put(sweepOf(run), [...twice, sampleRecommendation("once")]), true);
      const titles = (await store.list({ scope: run.scope, limit: 10 })).map(
        ({ recommendation }) => recommendation.title,
      );
      assert.deepEqual(titles.toSorted(), ["2 x once", "last"]);
    },
  },
  {
    name: "what the calls of one run put adds up",
    async run({ store }) {
      const run = await started(store);
      for (const subject of ["a", "b", "c"]) await put(store, run, sampleRecommendation(subject));
      assert.equal(await store.put(sweepOf(run), []), true);
      assert.deepEqual((await subjectsIn(store, run.scope)).toSorted(), ["a", "b", "c"]);
    },
  },
  {
    name: "a scope holds what was put into it, and no other",
    async run({ store }) {
      const scope = await storedBefore(store, sampleRecommendation("same"), sampleRecommendation("mine"));
      const other = await storedBefore(store, sampleRecommendation("same", { title: "theirs" }));
      assert.deepEqual((await subjectsIn(store, scope)).toSorted(), ["mine", "same"]);
      assert.deepEqual(await subjectsIn(store, other), ["same"]);
      const titles = (await store.list({ scope, limit: 10 })).map(({ recommendation }) => recommendation.title);
      assert.ok(!titles.includes("theirs"));
    },
  },
  {
    name: "put stores evidence of any characters",
    async run({ store }) {
      const run = await started(store);
      const evidence = { text: "nul \0, lone \ud800, whole \u{1f600}", "odd \0 name": ["\udfff"] };
      await put(store, run, sampleRecommendation("odd", { evidence, title: "t\0" }));
      const [stored] = await store.list({ scope: run.scope, limit: 1 });
      assert.match(String(stored?.recommendation.evidence["text"]), /^nul ., lone ., whole \u{1f600}$/su);
    },
  },
  {
    name: "a run whose mark has run out writes as before, if nobody has taken over",
    async run(subject) {
      const run = await runOut({ lock: subject.store, pass: subject.pass });
      await put(subject.store, run, sampleRecommendation("late"));
      assert.deepEqual(await subjectsIn(subject.store, run.scope), ["late"]);
    },
  },
  {
    name: "callers may change what they hand in and what they get",
    async run({ store }) {
      const run = await started(store);
      const given = sampleRecommendation("mine");
      await put(store, run, given);
      (given.evidence["nested"] as { list: unknown[] }).list.push("changed");
      (given as { title: string }).title = "changed";
      const query = { scope: run.scope, limit: 1 };
      for (const { recommendation } of await store.list(query)) {
        (recommendation.evidence["nested"] as { list: unknown[] }).list.push("changed");
        (recommendation as { title: string }).title = "changed";
      }
      assert.deepEqual(handedIn((await store.list(query))[0]), sampleRecommendation("mine"));
    },
  },
];
