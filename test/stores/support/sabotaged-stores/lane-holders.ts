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
