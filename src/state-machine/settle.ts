import type { ExecutionStatus } from "../domain/execution-status.js";
import { isUnsettled, type LineState } from "../domain/line-state.js";

/**
 * The status that an execution's lines prove, the only way an end status comes about.
 *
 * A line that may have been bought unseen makes the whole `in_doubt`. Otherwise every line to buy committed is
 * `completed`, some is `partially_completed`, none is `failed`; planned lines count as not bought, skipped ones not
 * at all. A `TypeError` for no lines: such an execution is refused at submission.
 */
export function settle(
  lines: readonly { readonly state: LineState }[],
): Extract<ExecutionStatus, "in_doubt" | "completed" | "partially_completed" | "failed"> {
  if (lines.length === 0) throw new TypeError("an execution without lines has no end status");
  if (lines.some((line) => isUnsettled(line.state))) return "in_doubt";
  const wanted = lines.filter((line) => line.state !== "skipped");
  const committed = wanted.filter((line) => line.state === "committed").length;
  if (committed === 0) return "failed";
  return committed === wanted.length ? "completed" : "partially_completed";
}
