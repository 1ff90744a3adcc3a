import type { Execution } from "../../domain/execution.js";
import type { EngineContext } from "../engine-options.js";
import type { Failure } from "./line-decision.js";

/** The last moment, by the store's clock, at which the approval of an execution counts. */
export const approvalEnds = ({ approvedAt }: Pick<Execution, "approvedAt">, approvalLifetimeMs: number): number =>
  approvedAt === null ? Number.NEGATIVE_INFINITY : approvedAt + approvalLifetimeMs;

/**
 * Why no line of an execution may be sent now: the kill switch is on, or the approval is too old. `undefined` if lines
 * may be sent.
 *
 * It is checked before the write-ahead, so that no request is announced that will not be sent.
 */
export function sendRefusal(context: EngineContext, execution: Execution): Failure | undefined {
  if (context.killSwitch()) return { code: "NOT_SENT", message: "Nothing was sent: the kill switch is on." };
  const ends = approvalEnds(execution, context.approvalLifetimeMs);
  if (execution.updatedAt < ends) return undefined;
  const until = Number.isFinite(ends) ? `ended at ${new Date(ends).toISOString()}` : "is not recorded";
  return { code: "APPROVAL_LAPSED", message: `Nothing was sent: the approval ${until}; approve the execution again.` };
}
