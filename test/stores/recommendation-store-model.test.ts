import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RecommendationStore } from "../../src/store-port/recommendation-store.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { sampleRecommendation } from "../../src/testing/recommendation-store-contract/recommendation-steps.js";
import { type RecommendationCommand, ScopeModel } from "./support/recommendation-model.js";
import { correctStore, type RecommendationSabotage } from "./support/sabotaged-recommendation-stores/sabotage.js";
import { RECOMMENDATION_SABOTAGES } from "./support/sabotaged-recommendation-stores.js";

const SCOPE = "scope";
const owner = fc.constantFrom("run-1", "run-2", "run-3");
const ttlMs = fc.constantFrom(10, 25);
const source = fc.constantFrom("s1", "s2");
const outcome = fc.constantFrom("collected" as const, "failed" as const, "not_started" as const);
const sweep = { owner, source, askedAccount: fc.constantFrom("a1", "a2") };
const subjects = fc.subarray(["m5", "c5", "r5"]);
const kind = <Kind extends string>(...kinds: readonly Kind[]) => fc.constantFrom(...kinds);

const command: fc.Arbitrary<RecommendationCommand> = fc.oneof(
  fc.record({ kind: kind("pass"), ms: fc.constantFrom(1, 9, 10, 25) }),
  fc.record({ kind: kind("tryStart"), owner, ttlMs }),
  fc.record({ kind: kind("tryStart", "renew"), owner, ttlMs }),
  fc.record({ kind: kind("handOver"), owner, to: owner, ttlMs }),
  fc.record({ kind: kind("finish"), owner, outcome }),
  fc.record({ kind: kind("put"), ...sweep, subjects }),
  fc.record({ kind: kind("put", "completeAccount"), ...sweep, subjects }),
  fc.record({ kind: kind("completeSource", "failSource"), owner, source }),
);

/** Calls the store; answers whether the call has an effect. */
async function call(store: RecommendationStore, given: RecommendationCommand, pass: (ms: number) => void) {
  const scope = SCOPE;
  switch (given.kind) {
    case "pass":
      pass(given.ms);
      return true;
    case "tryStart":
      return (await store.tryStart({ scope, ...given })).kind === "started";
    case "renew":
      return store.renew({ scope, ...given });
    case "handOver":
      return store.handOver({ scope, ...given });
    case "finish":
      return store.finish({ scope, ...given });
    case "put":
      return store.put(
        { scope, ...given },
        given.subjects.map((subject) => sampleRecommendation(subject, given)),
      );
    case "completeAccount":
      return store.completeAccount({ scope, ...given });
    case "completeSource":
      return store.completeSource({ scope, ...given });
    case "failSource":
      return store.failSource({ scope, ...given }, { message: "failed", failures: 1 });
  }
}

/** Any order of calls of racing runs leaves what the law says, after each of them. */
const lawOf = (build: RecommendationSabotage["build"]) =>
  fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
    const clock = manualClock();
    const store = build(clock);
    const model = new ScopeModel(clock.now());
    for (const each of commands) {
      const expected = model.obey(each);
      expect(await call(store, each, clock.advance)).toBe(expected);
      expect(await store.state(SCOPE)).toEqual(model.state);
      const stored = await store.list({ scope: SCOPE, limit: 100 });
      expect(new Map(stored.map(({ recommendation: one }) => [String(one.subject["size"]), one.collectedAt]))).toEqual(
        model.collected,
      );
      expect(new Map((await store.freshness(SCOPE)).map((one) => [one.source, one]))).toEqual(model.freshness);
    }
  });

/** Faults that must not pass any order of calls unnoticed. */
const FAULTS = [
  "lets every start in",
  "never lets a run be taken over",
  "lets a run be taken over a little early",
  "does renew for every run, whoever has the mark",
  "does finish for every run, whoever has the mark",
  "refuses finish of a run whose mark has run out",
  "counts a run that was not started as finished",
  "does put for every run while anybody has the mark",
  "does completeSource for every run while anybody has the mark",
  "removes the whole source with an account",
  "removes what a source that failed has not reported",
  "moves the freshness of a source that failed",
];

describe("a store of recommendations", () => {
  test("keeps the law in any order of calls of three runs", async () => {
    await fc.assert(lawOf(correctStore), { numRuns: 1_000 });
  });

  const sabotages = Object.values(RECOMMENDATION_SABOTAGES).flat();
  test.each(FAULTS)("that %s does not", async (fault) => {
    const { build } = sabotages.find((one) => one.fault === fault) ?? expect.unreachable(`no store ${fault}`);
    const { failed } = await fc.check(lawOf(build), { numRuns: 2_000, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
