import { AUDIT_EVENT_KINDS, type AuditEventKind } from "../domain/audit-event.js";
import { BuyonceError } from "../domain/errors.js";
import { executionIdProblems } from "../domain/execution-id.js";
import { EXECUTION_STATUSES, type ExecutionStatus } from "../domain/execution-status.js";
import type { InputProblem } from "../domain/input-problem.js";
import { checkKeys, didYouMean, type KeysOf, nameProblems, refuse } from "../domain/options.js";
import { textSchema } from "../domain/text.js";
import type { ExecutionChange } from "../store-port/execution-store.js";
import { canTransition } from "./transitions.js";

/** One move of one execution. */
export interface StatusTransition extends Pick<ExecutionChange, "approvedBy" | "approvedFrom" | "wakeAt"> {
  readonly executionId: string;
  /** The statuses that the execution may come from. The move from each of them to `to` must be legal. Never empty. */
  readonly from: readonly ExecutionStatus[];
  readonly to: ExecutionStatus;
  /** Who moves the execution, for the audit trail. Default `"unknown"`. */
  readonly actor?: string;
  readonly reason?: string;
  readonly kind?: AuditEventKind;
  /**
   * Refuses an execution whose time for approval is over, even if tick has not expired it yet. An approval always
   * refuses it.
   */
  readonly unexpired?: true;
}

const KNOWN: KeysOf<StatusTransition> = {
  executionId: true,
  from: true,
  to: true,
  actor: true,
  reason: true,
  kind: true,
  unexpired: true,
  approvedBy: true,
  approvedFrom: true,
  wakeAt: true,
};

/**
 * Refuses a move that is incomplete or has an unknown option (`INVALID_REQUEST`), or that is not in the table
 * (`ILLEGAL_TRANSITION`).
 */
export function checkMove(move: StatusTransition): void {
  checkKeys("move", move, KNOWN);
  refuse([...problemsOf(move)]);
  const { from, to } = move;
  const illegal = from.filter((status) => !canTransition(status, to));
  if (illegal.length > 0)
    throw new BuyonceError("ILLEGAL_TRANSITION", `No execution goes from ${illegal.join(" or ")} to ${to}.`, {
      details: { from, to },
    });
}

function* problemsOf(move: StatusTransition): Generator<InputProblem> {
  const { from, to, kind, actor, approvedBy, reason } = move;
  yield* executionIdProblems(move.executionId);
  if (!Array.isArray(from) || from.length === 0) yield { path: "from", problem: "must name at least one status" };
  else for (const status of from) yield* unknownNameProblems("from", status, EXECUTION_STATUSES);
  yield* unknownNameProblems("to", to, EXECUTION_STATUSES);
  if (kind !== undefined) yield* unknownNameProblems("kind", kind, AUDIT_EVENT_KINDS);
  yield* nameProblems("actor", actor);
  yield* nameProblems("approvedBy", approvedBy);
  if (reason !== undefined && !textSchema().safeParse(reason).success)
    yield { path: "reason", problem: "must be a text without control characters" };
  if (move.approvedFrom !== undefined && (to !== "scheduled" || move.approvedFrom !== move.wakeAt))
    yield {
      path: "approvedFrom",
      problem: "must be the due time of a move to scheduled: an approval counts from no other",
    };
  if (isApproval(move)) yield* approvalProblems(move);
}

function* unknownNameProblems(path: string, name: unknown, known: readonly string[]): Generator<InputProblem> {
  if (!known.some((one) => one === name))
    yield { path, problem: `"${String(name)}" is not known${didYouMean(String(name), known)}` };
}

const AWAITING_APPROVAL: readonly ExecutionStatus[] = ["pending", "notified"];
const APPROVED: readonly ExecutionStatus[] = ["approved", "scheduled"];

/** Whether the move is a person's approval, at once or for a later time. */
export const isApproval = ({ from, to }: StatusTransition): boolean =>
  APPROVED.includes(to) && Array.isArray(from) && from.some((status) => AWAITING_APPROVAL.includes(status));

/**
 * The range of a due time. A time of this century in seconds lies before the range; microseconds and spans of years lie
 * outside it.
 */
const EPOCH_MS = { earliest: Date.UTC(1975, 0, 1), latest: Date.UTC(2300, 0, 1) };

function* approvalProblems({ to, approvedBy, wakeAt }: StatusTransition): Generator<InputProblem> {
  if (approvedBy === undefined) yield { path: "approvedBy", problem: "is required: an approval has an approver" };
  const isDueTime = typeof wakeAt === "number" && wakeAt >= EPOCH_MS.earliest && wakeAt <= EPOCH_MS.latest;
  if (to === "scheduled" && !isDueTime)
    yield {
      path: "wakeAt",
      problem: "must be the due time in epoch milliseconds, because only the due time approves the execution",
    };
}
