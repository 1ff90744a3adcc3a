import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { silentLogger } from "../../src/domain/logger.js";
import { createRecommendations } from "../../src/recommendations/recommendations.js";
import { memoryRecommendationStore } from "../../src/stores/memory/memory-recommendation-store.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { type Mutation, mutatedModule } from "../stores/support/mutated-module.js";
import { reportOf, ScriptedFault, type ScriptedPart, scriptedSource } from "./support/scripted-source.js";

const ENTRY = fileURLToPath(new URL("../../src/recommendations/recommendations.ts", import.meta.url));
const ACCOUNT = "111111111111";

type Create = typeof createRecommendations;
type Answer = ScriptedPart["answer"];

/** How a run may end, by the answer of its source. */
const ENDS: Readonly<Record<string, (cancel: () => void) => Answer>> = {
  "that collected": () => async () => [reportOf(ACCOUNT)],
  "that failed": () => async () => {
    throw new ScriptedFault("denied");
  },
  "that was canceled": (cancel) => async () => {
    cancel();
    return new Promise(() => {});
  },
};

/** The mark that a run leaves behind. */
async function leftBy(create: Create, answerOf: (typeof ENDS)[string]): Promise<unknown> {
  const canceling = new AbortController();
  const answer = answerOf(() => canceling.abort());
  const source = scriptedSource("a", () => [{ about: "instances", answer }]);
  const clock = manualClock();
  const store = memoryRecommendationStore({ clock });
  const sources = [{ source, accounts: [ACCOUNT] }];
  const refresh = await create({ store, clock, sources, logger: silentLogger, attempts: 1 }).refreshRecommendations({
    signal: canceling.signal,
  });
  if (refresh.status === "started") await refresh.finished?.catch(() => {});
  return (await store.state("default")).running;
}

/** Ways to leave a mark behind, and the run that does. */
const MUTANTS: readonly (Mutation & { readonly what: string; readonly end: string })[] = [
  {
    what: "asks the signal of its caller whether to clear its mark",
    end: "that was canceled",
    part: "await finish(store, { scope: run.scope",
    instead: "if (!options.signal?.aborted) await finish(store, { scope: run.scope",
  },
  {
    what: "clears its mark only if it has collected",
    end: "that failed",
    part: "await finish(store, { scope: run.scope",
    instead: 'if (outcome === "collected") await finish(store, { scope: run.scope',
  },
  {
    what: "clears its mark only if it has failed",
    end: "that collected",
    part: "await finish(store, { scope: run.scope",
    instead: 'if (outcome === "failed") await finish(store, { scope: run.scope',
  },
];

describe("a run", () => {
  test.each(Object.entries(ENDS))("%s leaves no mark", async (_, answerOf) => {
    expect(await leftBy(createRecommendations, answerOf)).toBeNull();
  });

  test.each(MUTANTS.map((mutant) => [mutant.what, mutant] as const))("is noticed that %s", async (_, mutant) => {
    const files = /src\/recommendations\/collection-run\.ts$/;
    const mutated = await mutatedModule<{ readonly createRecommendations: Create }>(ENTRY, files, mutant);
    const answerOf = ENDS[mutant.end] ?? expect.unreachable();
    expect(await leftBy(mutated.createRecommendations, answerOf)).not.toBeNull();
  });
});
