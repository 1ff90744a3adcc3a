import type { PurchaseLine } from "../domain/execution.js";
import { isUnsettled } from "../domain/line-state.js";

/**
 * Why an execution has its status, as its lines show: the reason of each doubt, or the number of lines in each end
 * state.
 */
export function reasonOf(lines: readonly PurchaseLine[]): string {
  const doubts = lines.filter(({ state }) => isUnsettled(state));
  if (doubts.length === 0) return tally(lines);
  const reasons = doubts.map(({ index, doubt }) => `line ${index}: ${doubt?.reason ?? "a request may have been sent"}`);
  return `${reasons.map(clause).join("; ")}.`;
}

/** A sentence without its full stop, to be used as a part of another sentence. */
export const clause = (sentence: string): string => sentence.replace(/\.$/, "");

/** How many lines are in which state, in a sentence. */
export function tally(lines: readonly PurchaseLine[]): string {
  const count = (state: PurchaseLine["state"]) => lines.filter((line) => line.state === state).length;
  return `${count("committed")} of ${lines.length} lines are committed, ${count("rejected")} rejected, ${count("skipped")} skipped.`;
}
