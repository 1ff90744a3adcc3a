import type { PurchaseLine } from "../domain/execution.js";
import type { ExecutionStatus } from "../domain/execution-status.js";
import { isUnsettled } from "../domain/line-state.js";

/** Statuses in which a planned line will be bought without another decision. */
const APPROVED: readonly ExecutionStatus[] = ["scheduled", "approved", "running", "in_doubt"];

/** Statuses in which a planned line may still be bought. */
const OPEN: readonly ExecutionStatus[] = ["pending", "notified", "paused", ...APPROVED];

/** What a line of an execution with this status does to its need. */
export type NeedRole =
  /** It may be bought once its execution is approved. */
  | "proposes"
  /** It will be bought, or may have been. */
  | "covers"
  /** It was bought. */
  | "bought"
  | "none";

/** What a line does to its need. */
export function needRole({ state }: Pick<PurchaseLine, "state">, status: ExecutionStatus): NeedRole {
  if (isUnsettled(state)) return "covers";
  if (state === "committed") return "bought";
  if (state !== "planned" || !OPEN.includes(status)) return "none";
  return APPROVED.includes(status) ? "covers" : "proposes";
}
