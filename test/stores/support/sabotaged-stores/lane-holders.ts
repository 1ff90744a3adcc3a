import type { Execution, PurchaseLine } from "../../../../src/domain/execution.js";
import type { LineState } from "../../../../src/domain/line-state.js";
import type { ExecutionStore, LineRef } from "../../../../src/store-port/execution-store.js";
import { allOf, type Sabotage, withFault } from "./sabotage.js";

const NAMES = "laneHolder names the line that is submitting or in doubt in a lane";
const NOBODY = "laneHolder answers undefined for a lane that nobody holds";

/** A store that finds the holder of a lane among all lines of these states. */
const among = (
  states: readonly LineState[],
  isHeld = (held: string | undefined, lane: string) => held === lane,
): Sabotage["build"] =>
  withFault((correct) => ({
    async laneHolder(lane) {
      for (const execution of (await allOf(correct)).toReversed())
        for (const line of execution.lines)
          if (states.includes(line.state) && isHeld(line.prepared?.lane, lane))
            return { executionId: execution.id, lineIndex: line.index };
      return undefined;
    },
  }));

/** A store that answers otherwise who holds a lane. */
const answering = (
  misread: (holder: LineRef | undefined, lane: string, correct: ExecutionStore) => LineRef | undefined,
): Sabotage["build"] =>
  withFault((correct) => ({ laneHolder: async (lane) => misread(await correct.laneHolder(lane), lane, correct) }));

/** Lanes whose holder is told wrongly. */
export const laneHolderSabotages: readonly Sabotage[] = [
  { fault: "overlooks a line in doubt that holds a lane", noticedBy: NAMES, build: among(["submitting"]) },
  { fault: "overlooks a line under way that holds a lane", noticedBy: NAMES, build: among(["in_doubt"]) },
  {
    fault: "names the first line of the execution that holds a lane",
    noticedBy: NAMES,
    build: answering((holder) => holder && { ...holder, lineIndex: 0 }),
  },
  {
    fault: "names the holder of a lane of a longer name",
    noticedBy: NOBODY,
    build: among(["submitting", "in_doubt"], (held, lane) => held?.startsWith(lane) === true),
  },
  {
    fault: "names a line without a lane as the holder of none",
    noticedBy: NOBODY,
    build: among(["submitting", "in_doubt"], (held = "", lane) => held === lane),
  },
  {
    fault: "throws for a lane that nobody holds",
    noticedBy: NOBODY,
    build: answering((holder, lane) => {
      if (holder === undefined) throw new Error(`no row for ${lane}`);
      return holder;
    }),
  },
  ...(["planned", "committed", "rejected", "skipped"] as const).map(
    (state): Sabotage => ({
      fault: `names the line that was the last to hold a lane though it is ${state}`,
      noticedBy: `laneHolder forgets a line that becomes ${state}, and names the next one`,
      build: among(["submitting", "in_doubt", state]),
    }),
  ),
];

const WAITERS = "laneWaiters names the planned lines that wait for a lane, those first that have waited longest";
const OTHERS =
  "laneWaiters leaves out lines that are not planned, or wait for nothing, and executions that do not sleep";

type Waiters = Awaited<ReturnType<ExecutionStore["laneWaiters"]>>;

/** A store that answers otherwise who waits for lanes. */
const answeringWaiters = (misread: (waiters: Waiters, limit: number) => Waiters): Sabotage["build"] =>
  withFault((correct) => ({
    laneWaiters: async ({ lanes, limit }) => misread(await correct.laneWaiters({ lanes, limit: 1_000 }), limit),
  }));

/** A store that finds those who wait for lanes among all lines. */
const waitingAmong = (isWanted: (execution: Execution, line: PurchaseLine) => boolean): Sabotage["build"] =>
  withFault((correct) => ({
    laneWaiters: async ({ lanes, limit }) =>
      (await allOf(correct))
        .flatMap((execution) => execution.lines.map((line) => ({ execution, line })))
        .filter(({ execution, line }) => lanes.includes(line.lastError?.lane ?? "") && isWanted(execution, line))
        .toSorted((a, b) => Number(a.line.lastError?.since) - Number(b.line.lastError?.since))
        .slice(0, limit)
        .map(({ execution, line }) => ({ executionId: execution.id, lineIndex: line.index })),
  }));

/** Lines that wait for lanes and are told wrongly. */
export const laneWaiterSabotages: readonly Sabotage[] = [
  {
    fault: "names those who wait for a lane in the wrong order",
    noticedBy: WAITERS,
    build: answeringWaiters((waiters, limit) => waiters.toReversed().slice(0, limit)),
  },
  {
    fault: "names more who wait for a lane than asked for",
    noticedBy: WAITERS,
    build: answeringWaiters((waiters) => waiters),
  },
  {
    fault: "names one who waits for a lane twice",
    noticedBy: WAITERS,
    build: answeringWaiters((waiters, limit) => waiters.flatMap((one) => [one, one]).slice(0, limit)),
  },
  {
    fault: "names the first line of an execution that waits for a lane",
    noticedBy: WAITERS,
    build: answeringWaiters((waiters, limit) => waiters.map((one) => ({ ...one, lineIndex: 0 })).slice(0, limit)),
  },
  {
    fault: "names lines that have got their lane as those who wait for it",
    noticedBy: OTHERS,
    build: waitingAmong(({ wakeAt }) => wakeAt === null || wakeAt > Date.now()),
  },
  {
    fault: "names those who wait for a lane and are awake",
    noticedBy: OTHERS,
    build: waitingAmong((_, { state }) => state === "planned"),
  },
];
