import type { NewAuditEvent } from "../domain/audit-event.js";
import type { EpochMs } from "../domain/clock.js";
import { BuyonceError } from "../domain/errors.js";
import type { Execution, ExecutionView } from "../domain/execution.js";
import type { ExecutionStatus } from "../domain/execution-status.js";
import { viewOf } from "../idempotency/execution-view.js";
import type { ChangeGuard, ExecutionChange, ExecutionStore } from "../store-port/execution-store.js";
import { approvalsMissing } from "./approvals-missing.js";
import { checkMove, isApproval, type StatusTransition } from "./check-move.js";
import { decisionTokenInvalid } from "./decision-token-invalid.js";
import { isLimitRefusal, limitRefused } from "./limit-refused.js";
import { needCovered } from "./need-covered.js";
import { planStepTaken } from "./plan-step-taken.js";
import { requireExecution } from "./require-execution.js";
import { settle } from "./settle.js";

/**
 * Moves an execution from one of the expected statuses to another, by compare-and-swap, with its audit event.
 *
 * Of any number of racing calls exactly one gets the moved execution. Every other call has changed nothing and gets
 * `EXECUTION_NOT_IN_EXPECTED_STATUS`, with the execution as it is now in `current`. A move that the table does not have
 * is `ILLEGAL_TRANSITION`; an unknown id is `EXECUTION_NOT_FOUND`.
 *
 * Some moves need lines that prove them (`STATUS_NOT_PROVED_BY_LINES`): a move to `in_doubt`, `completed`,
 * `partially_completed` or `failed`, a move from `running` or `in_doubt`, and a cancel of an approved execution. A move
 * to `running` takes no lease, so the next tick claims the execution.
 *
 * An approval (`pending` or `notified` to `approved` or `scheduled`) needs `approvedBy`. An approval to `scheduled`
 * also needs the due time in `wakeAt`. It is refused with `APPROVALS_MISSING` if more people must approve first. It is refused with `NEED_ALREADY_COVERED` if other executions cover what it buys, and with
 * `LIMIT_EXCEEDED` or `LIMIT_UNKNOWN_AMOUNT` if the stored limits do not allow it. A move from `scheduled` keeps the stored approver unless it states another one.
 * A move that is incomplete or has an unknown option is refused with `INVALID_REQUEST`.
 */
export const transitionExecutionStatus = async (
  store: ExecutionStore,
  move: StatusTransition,
): Promise<ExecutionView> => viewOf(await moveStatus(store, move));

/**
 * What the engine adds to a move: the event's data, the limits that must be stored, by their fingerprint, how many people
 * must approve, and a token.
 */
export interface MoveOptions extends Pick<ExecutionChange, "limits" | "approvalsNeeded" | "token"> {
  readonly data?: NewAuditEvent["data"];
}

/**
 * Makes the same move for the engine, which needs the execution as it is stored. An approval is refused with
 * `LIMIT_DEFINITION_DIFFERS` if others than these `limits` are stored.
 */
export async function moveStatus(
  store: ExecutionStore,
  move: StatusTransition,
  { data, limits, approvalsNeeded, token }: MoveOptions = {},
): Promise<Execution> {
  checkMove(move);
  // Only a running execution can have a lease. Moves from other statuses take the store's cheaper path.
  const fromRunning = move.from.includes("running");
  const proof = needsProof(move) ? await provedVersion(store, move) : {};
  const approvedFrom = move.approvedFrom ?? dueTimeOf(move);
  const result = await store.commit({
    executionId: move.executionId,
    guard: { status: move.from, ...(fromRunning && { leaseFree: true }), ...judgedExpiry(move), ...proof },
    status: move.to,
    reason: move.reason ?? null,
    ...(fromRunning && { lease: { kind: "release" } }),
    ...(move.approvedBy !== undefined && { approvedBy: move.approvedBy }),
    ...(approvedFrom !== undefined && { approvedFrom }),
    ...(move.wakeAt !== undefined && { wakeAt: move.wakeAt }),
    ...(limits !== undefined && { limits }),
    ...(token !== undefined && { token }),
    ...(approvalsNeeded !== undefined && { approvalsNeeded }),
    event: {
      kind: move.kind ?? "transitioned",
      actor: move.actor ?? "unknown",
      ...(move.reason !== undefined && { reason: move.reason }),
      ...(data && { data }),
    },
  });
  if (result.kind === "moved") return result.execution;
  if (result.because === "token") throw decisionTokenInvalid();
  const current = await requireExecution(store, move.executionId);
  if (result.because === "approvals") throw approvalsMissing(current, result);
  if (result.because === "need") throw needCovered(current, result.covered);
  if (result.because === "plan") throw planStepTaken(current, result.taken);
  if (isLimitRefusal(result)) throw limitRefused(current, result);
  throw notExpected(current, move);
}

/** A scheduled approval counts from its due time. */
const dueTimeOf = ({ to, wakeAt }: StatusTransition): EpochMs | undefined =>
  to === "scheduled" && typeof wakeAt === "number" ? wakeAt : undefined;

const judgedExpiry = (move: StatusTransition): Pick<ChangeGuard, "unexpired"> =>
  move.unexpired || isApproval(move) ? { unexpired: true } : {};

const PROVED_BY_LINES: readonly ExecutionStatus[] = ["in_doubt", "completed", "partially_completed", "failed"];
/** Statuses in which a request may have been sent. */
const UNDER_WAY: readonly ExecutionStatus[] = ["running", "in_doubt"];

/** Whether the lines must prove the move, because the move says something about them. */
function needsProof({ from, to }: StatusTransition): boolean {
  if (to === "running") return false;
  if (PROVED_BY_LINES.includes(to) || from.some((status) => UNDER_WAY.includes(status))) return true;
  // An approved execution may have been bought all the same, if late evidence shows it.
  return to === "canceled" && from.includes("approved");
}

async function provedVersion(store: ExecutionStore, move: StatusTransition): Promise<{ version: number }> {
  const execution = await requireExecution(store, move.executionId);
  if (!move.from.includes(execution.status)) throw notExpected(execution, move);
  const proved = settle(execution.lines);
  if (isProved(move.to, execution.status, proved)) return { version: execution.version };
  throw new BuyonceError(
    "STATUS_NOT_PROVED_BY_LINES",
    `The lines of ${execution.id} prove ${proved}, not ${move.to}.`,
    { details: { requested: move.to, proved }, current: viewOf(execution) },
  );
}

function isProved(to: ExecutionStatus, from: ExecutionStatus, proved: ReturnType<typeof settle>): boolean {
  // Only an execution that bought nothing may be handed back, because it may then be canceled or reaped as failed.
  if (to === "approved") return proved === "failed";
  // Before anything was sent, planned lines may be withdrawn together with their execution.
  if (to === "canceled" && !UNDER_WAY.includes(from)) return proved === "canceled" || proved === "failed";
  return proved === to;
}

function notExpected(current: Execution, { from, to }: Pick<StatusTransition, "from" | "to">): BuyonceError {
  const held = from.includes(current.status)
    ? ", held by a live worker, past its time for approval or just changed"
    : "";
  return new BuyonceError(
    "EXECUTION_NOT_IN_EXPECTED_STATUS",
    `Execution ${current.id} is ${current.status}${held}; going to ${to} needs ${from.join(" or ")}.`,
    { current: viewOf(current) },
  );
}
