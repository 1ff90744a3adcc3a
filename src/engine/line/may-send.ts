import type { Execution } from "../../domain/execution.js";
import { isOtherPerson } from "../../guards/four-eyes.js";
import { isAuthorized } from "../ask-authority.js";
import type { EngineContext } from "../engine-options.js";
import type { Failure } from "./line-decision.js";
import type { LineWork } from "./line-work.js";

type SendPlace = Pick<LineWork, "context" | "session" | "makers">;

/** The last moment, by the store's clock, at which the approval of an execution counts. */
export const approvalEnds = ({ approvedAt }: Pick<Execution, "approvedAt">, approvalLifetimeMs: number): number =>
  approvedAt === null ? Number.NEGATIVE_INFINITY : approvedAt + approvalLifetimeMs;

/**
 * Why no line of an execution may be sent now: the kill switch is on, the approval is too old, or its approver may not
 * approve. `undefined` if lines may be sent.
 *
 * It is checked before the write-ahead, so that no request is announced that will not be sent.
 */
export async function sendRefusal({ context, session, makers }: SendPlace): Promise<Failure | undefined> {
  const execution = session.current();
  if (context.killSwitch()) return { code: "NOT_SENT", message: "Nothing was sent: the kill switch is on." };
  const ends = approvalEnds(execution, context.approvalLifetimeMs);
  if (execution.updatedAt < ends) return approverRefusal(context, execution, makers);
  const until = Number.isFinite(ends) ? `ended at ${new Date(ends).toISOString()}` : "is not recorded";
  return { code: "APPROVAL_LAPSED", message: `Nothing was sent: the approval ${until}; approve the execution again.` };
}

/**
 * Why the approver of an execution may not approve it, by the rules as they are now. `undefined` if the approver may.
 *
 * So a right that was taken away after the approval buys nothing, and neither does an approval that went past the
 * engine. `makers` is set under `fourEyes`.
 */
export async function approverRefusal(
  context: EngineContext,
  execution: Execution,
  makers: ReadonlySet<string> | undefined,
): Promise<Failure | undefined> {
  const { id: executionId, approvedBy } = execution;
  if (makers !== undefined && !isOtherPerson(approvedBy, makers))
    return notApprover(`${approvedBy} made a part of it, or cannot be told from those who did`);
  if (context.authorize === undefined) return undefined;
  const question = { verb: "approve", at: "send", executionId, execution } as const;
  const isAllowed = approvedBy !== null && (await isAuthorized(context, { ...question, actor: { id: approvedBy } }));
  return isAllowed ? undefined : notApprover(`the rules do not let ${approvedBy ?? "nobody"} approve it`);
}

const notApprover = (why: string): Failure => ({
  code: "APPROVER_NOT_AUTHORIZED",
  message: `Nothing was sent: the execution is approved, but ${why}; let somebody else approve it.`,
});
