import type { ExecutionStatus } from "../domain/execution-status.js";
import { checkList, invalidArgument } from "../domain/input-problem.js";
import { isUnsettled, type LineState } from "../domain/line-state.js";
import type { LineProof } from "../store-port/execution-store.js";

/** The status that each proof stands for. */
export const SETTLED_STATUS = {
  unsettled: "in_doubt",
  all_skipped: "canceled",
  all_committed: "completed",
  some_committed: "partially_completed",
  none_committed: "failed",
} as const satisfies Readonly<Record<LineProof, ExecutionStatus>>;

/**
 * The status that an execution's lines prove. It is the only source of an end status.
 *
 * A line that may have been bought unseen makes the whole execution `in_doubt`. Otherwise the execution is `completed`
 * if all lines to buy are committed, `partially_completed` if some are, and `failed` if none is. A planned line counts
 * as not bought. A skipped line does not count at all; if every line is skipped, the execution is `canceled`. No lines
 * are refused with `INVALID_REQUEST`, because such an execution is refused at submission.
 */
export function settle(lines: readonly { readonly state: LineState }[]): (typeof SETTLED_STATUS)[LineProof] {
  checkList("lines", lines);
  if (lines.length === 0)
    throw invalidArgument("lines", "must not be empty: an execution without lines has no end status");
  return SETTLED_STATUS[proofOf(lines)];
}

function proofOf(lines: readonly { readonly state: LineState }[]): LineProof {
  if (lines.some((line) => isUnsettled(line.state))) return "unsettled";
  const wanted = lines.filter((line) => line.state !== "skipped");
  if (wanted.length === 0) return "all_skipped";
  const committed = wanted.filter((line) => line.state === "committed").length;
  if (committed === 0) return "none_committed";
  return committed === wanted.length ? "all_committed" : "some_committed";
}
