import type { Execution } from "../../../../src/domain/execution.js";
import type { LineState } from "../../../../src/domain/line-state.js";
import type {
  ExecutionChange,
  ExecutionStore,
  ReapSweep,
  StuckExecution,
} from "../../../../src/store-port/execution-store.js";
import { reapingStore } from "./reaping-store.js";
import { allOf, EVERYTHING, pause, type Sabotage, withFault, without } from "./sabotage.js";

/** A store whose `reap` sees or does something else. */
export const reapingOver = (
  misread: (correct: ExecutionStore, now: () => number) => Partial<ExecutionStore>,
): Sabotage["build"] =>
  withFault((correct, clock) => {
    const { reap } = reapingStore({ ...correct, ...misread(correct, () => clock.now()) });
    return reap === undefined ? {} : { reap };
  });

/** A store whose `reap` makes other changes. */
const changing = (misread: (change: ExecutionChange) => ExecutionChange): Sabotage["build"] =>
  reapingOver((correct) => ({ commit: (change) => correct.commit(misread(change)) }));

/** A store whose `reap` takes lines of one state for another. */
const mistaking = (state: LineState, other: LineState): Sabotage["build"] =>
  reapingOver((correct) => ({
    stuck: async (query) =>
      (await correct.stuck(query)).map(({ execution, stuckForMs }) => ({
        execution: {
          ...execution,
          lines: execution.lines.map((line) => (line.state === state ? { ...line, state: other } : line)),
        },
        stuckForMs,
      })),
  }));

/** A store whose `reap` finds these as well. */
const alsoReaping = (
  isListed: (execution: Execution, sweep: Pick<ReapSweep, "olderThanMs">, now: number) => boolean,
): Sabotage["build"] =>
  reapingOver((correct, now) => ({
    async stuck({ olderThanMs, limit }) {
      const all = (await allOf(correct)).filter(({ status }) => status === "approved" || status === "running");
      const wrong = all.filter((execution) => isListed(execution, { olderThanMs }, now()));
      const found: StuckExecution[] = wrong.map((execution) => ({ execution, stuckForMs: olderThanMs }));
      return [...(await correct.stuck({ olderThanMs, limit: EVERYTHING })), ...found].slice(0, limit);
    },
    commit: (change) => correct.commit({ ...change, guard: {} }),
  }));

const PROVES = "reap moves what is stuck to what its lines prove, with its event, and counts";
const NO_VERDICT = "reap leaves alone what no verdict fits, and counts it as found";
const NOT_STUCK = "reap leaves alone what is leased, asleep, or neither approved nor running";

/** Sweeps of the reaper that go wrong. */
export const reapSabotages: readonly Sabotage[] = [
  { fault: "reaps planned lines as if they were skipped", noticedBy: PROVES, build: mistaking("planned", "skipped") },
  {
    fault: "reaps skipped lines as if they were to be bought",
    noticedBy: PROVES,
    build: mistaking("skipped", "planned"),
  },
  {
    fault: "reaps what was canceled as if it had failed",
    noticedBy: PROVES,
    build: withFault((correct) => ({
      async reap(sweep) {
        const verdicts = sweep.verdicts.map((verdict) => {
          const failed = sweep.verdicts.find(({ from, proof }) => from === verdict.from && proof === "none_committed");
          return verdict.proof === "all_skipped" && failed ? { ...failed, proof: verdict.proof } : verdict;
        });
        return (await correct.reap?.({ ...sweep, verdicts })) ?? { found: 0, reaped: 0 };
      },
    })),
  },
  {
    fault: "reaps lines in doubt as if they were not bought",
    noticedBy: PROVES,
    build: mistaking("in_doubt", "rejected"),
  },
  {
    fault: "reaps lines under way as if they were planned",
    noticedBy: PROVES,
    build: mistaking("submitting", "planned"),
  },
  {
    fault: "leaves the time to wake with what it reaps",
    noticedBy: PROVES,
    build: changing((change) => without(change, "wakeAt")),
  },
  {
    fault: "reaps with another reason in the event than in the execution",
    noticedBy: PROVES,
    build: changing((change) => ({ ...change, event: { ...change.event, reason: "reaped" } })),
  },
  {
    fault: "leaves a dead worker's lease with what it reaps",
    noticedBy: "reap takes over from a worker whose lease is over",
    build: changing((change) => without(change, "lease")),
  },
  {
    fault: "reaps live work",
    noticedBy: NOT_STUCK,
    build: alsoReaping(({ lease }, _, now) => lease !== null && lease.expiresAt > now),
  },
  {
    fault: "reaps what sleeps",
    noticedBy: NOT_STUCK,
    build: alsoReaping(({ wakeAt }, _, now) => wakeAt !== null && wakeAt > now),
  },
  {
    fault: "reaps what is young",
    noticedBy: "reap leaves alone what has not been without activity for long enough",
    build: alsoReaping(({ statusChangedAt }, { olderThanMs }, now) => statusChangedAt >= now - olderThanMs),
  },
  {
    fault: "reaps by the lines alone, whatever the status",
    noticedBy: NO_VERDICT,
    build: withFault((correct) => ({
      reap: async (sweep) => {
        const others = sweep.verdicts.map((verdict) => ({ ...verdict, from: "approved" as const }));
        return (
          (await correct.reap?.({ ...sweep, verdicts: [...sweep.verdicts, ...others] })) ?? { found: 0, reaped: 0 }
        );
      },
    })),
  },
  {
    fault: "counts only what it reaped as found",
    noticedBy: NO_VERDICT,
    build: withFault((correct) => ({
      async reap(sweep) {
        const { reaped } = (await correct.reap?.(sweep)) ?? { reaped: 0 };
        return { found: reaped, reaped };
      },
    })),
  },
  {
    fault: "reaps the youngest first",
    noticedBy: "reap takes the oldest first, and no more than asked for",
    build: reapingOver((correct) => ({
      stuck: async ({ olderThanMs, limit }) =>
        (await correct.stuck({ olderThanMs, limit: EVERYTHING })).toReversed().slice(0, limit),
    })),
  },
  {
    fault: "reaps more than it was asked for",
    noticedBy: "reap takes the oldest first, and no more than asked for",
    build: reapingOver((correct) => ({ stuck: (query) => correct.stuck({ ...query, limit: EVERYTHING }) })),
  },
  {
    fault: "lets two reapers reap one execution",
    noticedBy: "of many racing reapers one reaps each execution",
    build: reapingOver((correct) => ({
      async stuck(query) {
        const stuck = await correct.stuck(query);
        await pause();
        return stuck;
      },
      commit: (change) => correct.commit({ ...change, guard: {} }),
    })),
  },
];
