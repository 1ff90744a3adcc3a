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

const WAITERS = "laneWaiters names the planned line that has waited longest for each lane";
const OTHERS =
  "laneWaiters leaves out lines that are not planned, or wait for nothing, and executions that do not sleep";

type Waiters = Awaited<ReturnType<ExecutionStore["laneWaiters"]>>;

/** A store that answers otherwise who waits for lanes. */
const answeringWaiters = (misread: (waiters: Waiters) => Waiters): Sabotage["build"] =>
  withFault((correct) => ({ laneWaiters: async (lanes) => misread(await correct.laneWaiters(lanes)) }));

/** How a store wrongly finds those who wait for lanes. */
interface Finding {
  readonly isWanted?: (execution: Execution, line: PurchaseLine) => boolean;
  readonly order?: (a: number, b: number) => number;
  readonly limit?: number;
}

/** A store that finds those who wait for lanes among all lines. */
const waitingAmong = ({ isWanted = () => true, order = (a, b) => a - b, limit = 1 }: Finding): Sabotage["build"] =>
  withFault((correct) => ({
    laneWaiters: async (lanes) => {
      const all = await allOf(correct);
      return [...new Set(lanes)].flatMap((lane) =>
        all
          .flatMap((execution) => execution.lines.map((line) => ({ execution, line })))
          .filter(({ execution, line }) => line.lastError?.lane === lane && isWanted(execution, line))
          .toSorted((a, b) => order(Number(a.line.lastError?.since), Number(b.line.lastError?.since)))
          .slice(0, limit)
          .map(({ execution, line }) => ({ executionId: execution.id, lineIndex: line.index })),
      );
    },
  }));

/** Lines that wait for lanes and are told wrongly. */
export const laneWaiterSabotages: readonly Sabotage[] = [
  {
    fault: "names the last who began to wait for a lane",
    noticedBy: WAITERS,
    build: waitingAmong({ order: (a, b) => b - a }),
  },
  { fault: "names all who wait for a lane", noticedBy: WAITERS, build: waitingAmong({ limit: 9 }) },
  {
    fault: "names one who waits for a lane and no other lane",
    noticedBy: WAITERS,
    build: answeringWaiters((waiters) => waiters.slice(0, 1)),
  },
  {
    fault: "names the first line of an execution that waits for a lane",
    noticedBy: WAITERS,
    build: answeringWaiters((waiters) => waiters.map((one) => ({ ...one, lineIndex: 0 }))),
  },
  {
    fault: "names lines that have got their lane as those who wait for it",
    noticedBy: OTHERS,
    build: waitingAmong({ isWanted: ({ wakeAt }) => wakeAt === null || wakeAt > Date.now() }),
  },
  {
    fault: "names those who wait for a lane and are awake",
    noticedBy: OTHERS,
    build: waitingAmong({ isWanted: (_, { state }) => state === "planned" }),
  },
];
