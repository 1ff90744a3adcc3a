import type { PurchaseLine } from "../../domain/execution.js";
import { isUnsettled } from "../../domain/line-state.js";
import { settle } from "../../state-machine/settle.js";
import type { WorkerChange } from "../claim/execution-session.js";
import { tally } from "../reason-of.js";
import { linesWith } from "./lines-with.js";

/** How an execution ends once none of its lines has to be bought, proved or labeled. */
export const endOfLines = (lines: readonly PurchaseLine[]) =>
  ({ status: settle(lines), wakeAt: null, reason: tally(lines) }) as const satisfies Partial<WorkerChange>;

/**
 * The end of an execution, to be written with the change of its last line, so that both are one statement. It is empty
 * if another line still has work to do.
 */
export function endWithLast(
  lines: readonly PurchaseLine[],
  last: PurchaseLine,
): Pick<WorkerChange, "status" | "wakeAt" | "reason" | "release"> {
  const isLast = isDone(last) && lines.every((line) => line.index === last.index || isDone(line));
  return isLast ? { ...endOfLines(linesWith(lines, [{ index: last.index, progress: last }])), release: true } : {};
}

const isDone = ({ state, needsLabel }: PurchaseLine): boolean =>
  state !== "planned" && !isUnsettled(state) && !needsLabel;
