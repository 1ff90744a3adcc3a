import type { Execution } from "../../domain/execution.js";
import type { EngineContext } from "../engine-options.js";
import type { Failure } from "./line-decision.js";

/** The last moment, by the store's clock, at which the approval of an execution counts. */
export const approvalEnds = ({ approvedAt }: Pick<Execution, "approvedAt">, approvalLifetimeMs: number): number =>
  approvedAt === null ? Number.NEGATIVE_INFINITY : approvedAt + approvalLifetimeMs;

/**
 * Why nothing of an execution may be written ahead now, if anything: the kill switch, or an approval that is too old.
 *
 * Asked before the write-ahead, so that nothing is announced that is not going to be sent.
 */
export function sendRefusal(context: EngineContext, execution: Execution): Failure | undefined {
  if (context.killSwitch()) return { code: "NOT_SENT", message: "Nothing was sent: the kill switch is on." };
  const ends = approvalEnds(execution, context.approvalLifetimeMs);
  if (execution.updatedAt < ends) return undefined;
  const until = Number.isFinite(ends) ? `ended at ${new Date(ends).toISOString()}` : "is not recorded";
  return { code: "APPROVAL_LAPSED", message: `Nothing was sent: the approval ${until}; approve the execution again.` };
}
