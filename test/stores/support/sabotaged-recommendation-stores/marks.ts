import { setImmediate as otherWork } from "node:timers/promises";
import type { CollectionStart, StartedCollection } from "../../../../src/store-port/collection-lock.js";
import type { RecommendationStore } from "../../../../src/store-port/recommendation-store.js";
import { unique } from "../../../../src/testing/store-contract/samples.js";
import { asAnyOwner, checkedFirst, ownerIn, type RecommendationSabotage, saying, withFault } from "./sabotage.js";

/** Takes the mark from whoever has it. */
async function seized(store: RecommendationStore, start: CollectionStart): Promise<StartedCollection> {
  await asAnyOwner(store, { ...start, outcome: "not_started" as const }, store.finish);
  return store.tryStart(start);
}

const LOST_FINISH = "finish of a run that was taken over changes nothing";
const TIMES = "a mark may be taken over once it has run out, and not before";

/** Starts that mark what they must not, or not as they must. */
export const startSabotages: readonly RecommendationSabotage[] = [
  {
    fault: "lets every start in",
    noticedBy: "a start that is refused changes nothing, whoever makes it",
    build: withFault((correct) => ({ tryStart: (start) => seized(correct, start) })),
  },
  {
    fault: "lets a run start again while it is running",
    noticedBy: "a start that is refused changes nothing, whoever makes it",
    build: withFault((correct) => ({
      tryStart: async (start) =>
        (await ownerIn(correct, start.scope)) === start.owner ? seized(correct, start) : correct.tryStart(start),
    })),
  },
  {
    fault: "lets a refused start extend the mark",
    noticedBy: "a start that is refused changes nothing, whoever makes it",
    build: withFault((correct) => ({
      async tryStart(start) {
        const result = await correct.tryStart(start);
        if (result.kind === "running") await asAnyOwner(correct, start, correct.renew);
        return result;
      },
    })),
  },
  ...["that was never collected", "whose mark has run out", "whose last run has finished"].map(
    (what): RecommendationSabotage => ({
      fault: `looks for a mark first and marks later, in a scope ${what}`,
      noticedBy: `of many racing starts of a scope ${what}, one starts and the others learn who runs`,
      build: withFault((correct, clock) => ({
        async tryStart(start) {
          const { running } = await correct.state(start.scope);
          if (running !== null && running.expiresAt > clock.now()) return correct.tryStart(start);
          await otherWork();
          return seized(correct, start);
        },
      })),
    }),
  ),
  {
    fault: "never lets a run be taken over",
    noticedBy: TIMES,
    build: withFault((correct) => ({
      async tryStart(start) {
        const { running } = await correct.state(start.scope);
        return running === null ? correct.tryStart(start) : { kind: "running", ...running };
      },
    })),
  },
  {
    fault: "lets a run be taken over a little early",
    noticedBy: TIMES,
    build: withFault((correct, clock) => ({
      async tryStart(start) {
        const { running } = await correct.state(start.scope);
        return running !== null && running.expiresAt - clock.now() < 3
          ? seized(correct, start)
          : correct.tryStart(start);
      },
    })),
  },
  {
    fault: "reads seconds for milliseconds",
    noticedBy: "a start marks its scope, and says since when",
    build: withFault((correct) => ({
      tryStart: ({ ttlMs, ...start }) => correct.tryStart({ ...start, ttlMs: ttlMs * 1_000 }),
    })),
  },
  {
    fault: "has one mark for all scopes",
    noticedBy: "scopes know nothing of each other",
    build: withFault((correct) => {
      const scope = "the only one";
      return {
        tryStart: (start) => correct.tryStart({ ...start, scope }),
        finish: (finish) => correct.finish({ ...finish, scope }),
        state: () => correct.state(scope),
      };
    }),
  },
  {
    fault: "stamps starts by the clock of the machine",
    noticedBy: "times are by the clock of the lock",
    build: withFault((correct) => ({
      async tryStart(start) {
        const result = await correct.tryStart(start);
        return result.kind === "started" ? { ...result, startedAt: Date.now() } : result;
      },
    })),
  },
  {
    fault: "says another time of the start than it has stored",
    noticedBy: "a start marks its scope, and says since when",
    build: withFault((correct) => ({
      async tryStart(start) {
        const result = await correct.tryStart(start);
        return result.kind === "started" ? { ...result, startedAt: result.startedAt - 1 } : result;
      },
    })),
  },
  {
    fault: "does not say when the run before collected",
    noticedBy: "a run that collected clears its mark, and the next start learns when",
    build: withFault((correct) => ({
      async tryStart(start) {
        const result = await correct.tryStart(start);
        return result.kind === "started" ? { ...result, lastCollectedAt: null } : result;
      },
    })),
  },
  {
    fault: "counts a run that is taken over as finished",
    noticedBy: "a start that takes over leaves no trace of the lost run",
    build: withFault((correct, clock) => ({
      async tryStart(start) {
        const { running } = await correct.state(start.scope);
        if (running !== null && running.expiresAt <= clock.now())
          await correct.finish({ scope: start.scope, owner: running.owner, outcome: "failed" });
        return correct.tryStart(start);
      },
    })),
  },
  {
    fault: "hides a mark that has run out",
    noticedBy: "the state tells a mark that has run out",
    build: withFault((correct, clock) => ({
      async state(scope) {
        const { running, ...rest } = await correct.state(scope);
        return { ...rest, running: running !== null && running.expiresAt > clock.now() ? running : null };
      },
    })),
  },
  {
    fault: "makes up when a scope was collected",
    noticedBy: "nothing is known of a scope that was never collected",
    build: withFault((correct) => ({
      async state(scope) {
        const state = await correct.state(scope);
        return { ...state, lastFinishedAt: state.lastFinishedAt ?? 0 };
      },
    })),
  },
];

/** Marks that change for runs that do not have them, or not as they must. */
export const markSabotages: readonly RecommendationSabotage[] = [
  ...(["renew", "handOver", "finish"] as const).flatMap((verb): readonly RecommendationSabotage[] => [
    {
      fault: `does ${verb} for every run, whoever has the mark`,
      noticedBy: `${verb} of a run that does not have the mark changes nothing`,
      build: withFault((correct) => ({
        [verb]: (run: never) => asAnyOwner(correct, run, correct[verb] as (run: never) => Promise<boolean>),
      })),
    },
    {
      fault: `does ${verb} for a run that was taken over`,
      noticedBy: `${verb} of a run that was taken over changes nothing`,
      build: withFault((correct) => ({
        [verb]: (run: never) => asAnyOwner(correct, run, correct[verb] as (run: never) => Promise<boolean>),
      })),
    },
    {
      fault: `compares the owner first, and does ${verb} later`,
      noticedBy: `of ${verb} and a start that takes over, one is first`,
      build: withFault((correct) => ({
        [verb]: (run: never) => checkedFirst(correct, run, correct[verb] as (run: never) => Promise<boolean>),
      })),
    },
    {
      fault: `refuses ${verb} of a run whose mark has run out`,
      noticedBy: {
        renew: "a run whose mark has run out may renew it, and keeps others out again",
        handOver: "a run whose mark has run out may hand it over",
        finish: "a run whose mark has run out may finish",
      }[verb],
      build: withFault((correct, clock) => ({
        async [verb](run: CollectionStart) {
          const { running } = await correct.state(run.scope);
          if (running !== null && running.expiresAt <= clock.now()) return false;
          return (correct[verb] as (run: CollectionStart) => Promise<boolean>)(run);
        },
      })),
    },
  ]),
  {
    fault: "says of a finish that changed nothing that it has",
    noticedBy: LOST_FINISH,
    build: withFault((correct) => ({ finish: (finish) => saying(true)(correct.finish(finish)) })),
  },
  {
    fault: "says of every finish after the first that it has cleared the mark",
    noticedBy: "of many racing finishes of one run, one clears the mark",
    build: withFault((correct) => ({ finish: (finish) => saying(true)(correct.finish(finish)) })),
  },
  {
    fault: "counts a renewal from the end of the mark",
    noticedBy: "renew lets the mark run out from now on, and keeps the rest of it",
    build: withFault((correct, clock) => ({
      async renew(renewal) {
        const { running } = await correct.state(renewal.scope);
        const leftMs = Math.max(0, (running?.expiresAt ?? 0) - clock.now());
        return correct.renew({ ...renewal, ttlMs: renewal.ttlMs + leftMs });
      },
    })),
  },
  {
    fault: "renews nothing",
    noticedBy: "renew lets the mark run out from now on, and keeps the rest of it",
    build: withFault((correct) => ({
      renew: async ({ scope, owner }) => (await ownerIn(correct, scope)) === owner,
    })),
  },
  {
    fault: "starts the run anew when it is handed over",
    noticedBy: "handOver gives the mark to another name, from now on, and keeps the time of the start",
    build: withFault((correct) => ({
      async handOver({ to, ...run }) {
        const isOurs = await correct.finish({ scope: run.scope, owner: run.owner, outcome: "not_started" });
        return isOurs && (await correct.tryStart({ ...run, owner: to })).kind === "started";
      },
    })),
  },
  {
    fault: "keeps the old time to live when a run is handed over",
    noticedBy: "handOver gives the mark to another name, from now on, and keeps the time of the start",
    build: withFault((correct, clock) => ({
      async handOver(handOver) {
        const { running } = await correct.state(handOver.scope);
        return correct.handOver({ ...handOver, ttlMs: (running?.expiresAt ?? 0) - clock.now() });
      },
    })),
  },
  {
    fault: "lets several hand-overs of one run win",
    noticedBy: "of many racing hand-overs of one run, one gives the mark away",
    build: withFault((correct) => ({ handOver: (run) => checkedFirst(correct, run, correct.handOver) })),
  },
];

/** Ends of runs that are not told as they were. */
export const finishSabotages: readonly RecommendationSabotage[] = [
  {
    fault: "counts a run that failed as one that collected",
    noticedBy: "a run that failed has finished, and has collected nothing",
    build: withFault((correct) => ({
      finish: (finish) =>
        correct.finish({ ...finish, outcome: finish.outcome === "failed" ? "collected" : finish.outcome }),
    })),
  },
  {
    fault: "does not count a run that failed",
    noticedBy: "a run that failed has finished, and has collected nothing",
    build: withFault((correct) => ({
      finish: (finish) =>
        correct.finish({ ...finish, outcome: finish.outcome === "failed" ? "not_started" : finish.outcome }),
    })),
  },
  {
    fault: "counts a run that was not started as finished",
    noticedBy: "a run that was not started counts as if it had never been marked",
    build: withFault((correct) => ({
      finish: (finish) =>
        correct.finish({ ...finish, outcome: finish.outcome === "not_started" ? "failed" : finish.outcome }),
    })),
  },
  {
    fault: "leaves the mark of a run that failed",
    noticedBy: "a run that failed has finished, and has collected nothing",
    build: withFault((correct) => ({
      async finish({ scope, owner, outcome }) {
        const isDone = await correct.finish({ scope, owner, outcome });
        if (isDone && outcome === "failed") await correct.tryStart({ scope, owner, ttlMs: 60_000 });
        return isDone;
      },
    })),
  },
  {
    fault: "leaves the mark of a run that collected, to run out",
    noticedBy: "a run that collected clears its mark, and the next start learns when",
    build: withFault((correct) => ({
      async finish({ scope, owner, outcome }) {
        const isDone = await correct.finish({ scope, owner, outcome });
        if (isDone && outcome === "collected") await correct.tryStart({ scope, owner: unique("run"), ttlMs: 60_000 });
        return isDone;
      },
    })),
  },
];
