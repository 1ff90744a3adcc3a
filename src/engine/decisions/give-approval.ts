import type { NewAuditEvent } from "../../domain/audit-event.js";
import { isBuyonceError } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import { approversOf, isAmong, isCollecting } from "../../guards/approvals.js";
import type { StatusTransition } from "../../state-machine/check-move.js";
import type { TokenMove } from "../../store-port/execution-store.js";
import { changeAtVersion, type DecidedChange } from "../claim/change-at-version.js";
import type { EngineContext } from "../engine-options.js";
import { neededApprovals } from "../line/may-send.js";
import { moveWithinLimits } from "./limits.js";
import { triedAgain } from "./tried-again.js";

/** A person's approval: the move that it makes if it is the last one that is needed. */
export interface GivenApproval {
  readonly move: StatusTransition & { readonly approvedBy: string };
  readonly content: NonNullable<NewAuditEvent["data"]>;
  /** The link by which it is given. */
  readonly token?: TokenMove;
}

/** What a person's approval has done. */
export interface ApprovalEnd {
  readonly execution: Execution;
  /** False if the person had approved before, and nothing has changed. */
  readonly isNew: boolean;
}

/**
 * Approves an execution, or records the approval if others are still to come.
 *
 * The record is guarded by the version that it was judged at. So a list of enough people never stays behind without the
 * approval that it stands for.
 */
export const giveApproval = (context: EngineContext, given: GivenApproval): Promise<ApprovalEnd> =>
  triedAgain(`Execution ${given.move.executionId}`, () => approveOrRecord(context, given));

/** "again" if others have changed the execution meanwhile. */
async function approveOrRecord(context: EngineContext, given: GivenApproval): Promise<ApprovalEnd | "again"> {
  const { move, content, token } = given;
  try {
    const execution = await moveWithinLimits(context, move, { data: content, ...(token && { token }) });
    return { execution, isNew: true };
  } catch (thrown) {
    if (!isBuyonceError(thrown, "APPROVALS_MISSING")) throw thrown;
    const recorded = await changeAtVersion(context.store, move.executionId, (seen) => record(context, seen, given));
    const { kind, execution } = recorded;
    if (kind === "moved") return { execution, isNew: true };
    return isWaiting(context, execution, move.approvedBy) ? { execution, isNew: false } : "again";
  }
}

/** Whether a person has approved an execution that waits for the approvals of others. */
const isWaiting = (context: EngineContext, execution: Execution, person: string): boolean =>
  isCollecting(execution) &&
  isAmong(execution.approvers, person) &&
  execution.approvers.length < neededApprovals(context, execution);

function record(
  context: EngineContext,
  seen: Execution,
  { move, content, token }: GivenApproval,
): DecidedChange | undefined {
  const { approvedBy, reason } = move;
  const approvers = approversOf({ approvers: [...seen.approvers, approvedBy], approvedBy: null });
  const needed = neededApprovals(context, seen);
  const isMore = approvers.length > seen.approvers.length;
  if (!isMore || approvers.length >= needed || !move.from.includes(seen.status)) return undefined;
  const data = { ...content, have: approvers.length, needed };
  return {
    approvers,
    ...(token && { token }),
    guard: { unexpired: true },
    event: { kind: "approval_given", actor: approvedBy, ...(reason !== undefined && { reason }), data },
  };
}
