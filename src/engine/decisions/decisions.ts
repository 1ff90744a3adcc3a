import { LONGEST_SPAN_MS } from "../../domain/bounds.js";
import type { EpochMs } from "../../domain/clock.js";
import { BuyonceError, isBuyonceError } from "../../domain/errors.js";
import type { WithdrawnBy } from "../../domain/evidence.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import { isUnsettled } from "../../domain/line-state.js";
import { checkKeys } from "../../domain/options.js";
import { nonBlankSchema } from "../../domain/text.js";
import { settle } from "../../state-machine/settle.js";
import { moveStatus } from "../../state-machine/transition-execution-status.js";
import { canTransition, isTerminal } from "../../state-machine/transitions.js";
import { changeAtVersion, type DecidedChange } from "../claim/change-at-version.js";
import type { EngineContext } from "../engine-options.js";
import { approvalEnds } from "../line/may-send.js";
import { tally } from "../reason-of.js";

const AWAITING_APPROVAL: readonly ExecutionStatus[] = ["pending", "notified"];

/** Who approves. */
export interface Approval {
  readonly approvedBy: string;
  readonly reason?: string;
}

/** Where an approval that has run out is given anew. */
const BEING_BOUGHT: readonly ExecutionStatus[] = ["approved", "running", "in_doubt"];

/**
 * Lets an execution be bought: `pending`, `notified` or `scheduled` to `approved`.
 *
 * An approval has a lifetime (`approvalLifetimeMs`). One that has run out while lines were still to be bought is given
 * anew in the same way; the execution keeps its status then.
 */
export async function approveExecution(
  context: EngineContext,
  executionId: string,
  approval: Approval,
): Promise<Execution> {
  checkKeys<Approval>("approval", approval, { approvedBy: true, reason: true });
  const { approvedBy, reason } = approval;
  named("approvedBy", approvedBy);
  const approving = moveStatus(context.store, {
    executionId,
    from: [...AWAITING_APPROVAL, "scheduled"],
    to: "approved",
    kind: "approved",
    unexpired: true,
    actor: approvedBy,
    approvedBy,
    wakeAt: null,
    ...(reason === undefined ? {} : { reason }),
  });
  return approving.catch(async (thrown: unknown) => {
    if (!isBuyonceError(thrown, "EXECUTION_NOT_IN_EXPECTED_STATUS")) throw thrown;
    const renewed = await renewApproval(context, executionId, approval);
    if (renewed.kind === "unchanged") throw thrown;
    if (renewed.kind === "refused") throw alreadyApproved(context, renewed.execution);
    return renewed.execution;
  });
}

/** Gives an approval anew that has run out by the store's clock. */
const renewApproval = (context: EngineContext, executionId: string, { approvedBy, reason }: Approval) =>
  changeAtVersion(context.store, executionId, (execution) =>
    BEING_BOUGHT.includes(execution.status)
      ? {
          guard: { after: approvalEnds(execution, context.approvalLifetimeMs) },
          approvedBy,
          wakeAt: null,
          event: { kind: "approval_renewed", actor: approvedBy, ...(reason !== undefined && { reason }) },
        }
      : undefined,
  );

function alreadyApproved(context: EngineContext, current: Execution): BuyonceError {
  const until = new Date(approvalEnds(current, context.approvalLifetimeMs)).toISOString();
  return new BuyonceError(
    "EXECUTION_NOT_IN_EXPECTED_STATUS",
    `Execution ${current.id} is ${current.status}; ${current.approvedBy} has approved it, which counts until ${until}.`,
    { current },
  );
}

/** Who approves, and when it is to be bought. */
export interface Scheduling extends Approval {
  /** When tick turns it into `approved`, by the store's clock. */
  readonly runAt: EpochMs | Date;
}

/** Approves an execution for a later time. */
export async function scheduleExecution(
  context: EngineContext,
  executionId: string,
  scheduling: Scheduling,
): Promise<Execution> {
  checkKeys<Scheduling>("scheduling", scheduling, { approvedBy: true, reason: true, runAt: true });
  const runAt = dueTime(context, scheduling.runAt);
  return moveStatus(context.store, {
    executionId,
    from: AWAITING_APPROVAL,
    to: "scheduled",
    kind: "scheduled",
    unexpired: true,
    actor: named("approvedBy", scheduling.approvedBy),
    approvedBy: scheduling.approvedBy,
    approvedFrom: runAt,
    wakeAt: runAt,
    ...(scheduling.reason === undefined ? {} : { reason: scheduling.reason }),
  });
}

const A_DAY_MS = 86_400_000;

/** The due time in epoch milliseconds; a `TypeError` for anything else, such as seconds, which would buy at once. */
function dueTime(context: EngineContext, runAt: EpochMs | Date): EpochMs {
  const time = runAt instanceof Date ? runAt.getTime() : runAt;
  if (typeof time !== "number" || !Number.isFinite(time))
    throw new TypeError("runAt must be a Date or epoch milliseconds");
  if (time < context.clock.now() - A_DAY_MS)
    throw new TypeError(`runAt lies in the past: ${new Date(time).toISOString()}; approve buys at once`);
  if (time > context.clock.now() + LONGEST_SPAN_MS) throw new TypeError("runAt lies more than 100 years ahead");
  return time;
}

/** Who sets an execution aside. */
export interface Pause {
  readonly pausedBy: string;
  readonly reason?: string;
}

/** Sets an execution that waits for approval aside. */
export async function pauseExecution(context: EngineContext, executionId: string, pause: Pause): Promise<Execution> {
  checkKeys<Pause>("pause", pause, { pausedBy: true, reason: true });
  return moveStatus(context.store, {
    executionId,
    from: AWAITING_APPROVAL,
    to: "paused",
    kind: "paused",
    actor: named("pausedBy", pause.pausedBy),
    ...(pause.reason === undefined ? {} : { reason: pause.reason }),
  });
}

/** Who brings an execution back. */
export interface Resumption {
  readonly resumedBy: string;
}

/** Brings a paused execution back to `pending`. */
export async function resumeExecution(
  context: EngineContext,
  executionId: string,
  resumption: Resumption,
): Promise<Execution> {
  checkKeys<Resumption>("resumption", resumption, { resumedBy: true });
  return moveStatus(context.store, {
    executionId,
    from: ["paused"],
    to: "pending",
    kind: "resumed",
    actor: named("resumedBy", resumption.resumedBy),
  });
}

/** Who cancels. */
export interface Cancellation {
  readonly canceledBy: string;
  readonly reason?: string;
}

/**
 * Withdraws what is not bought of an execution, in every status that has not ended, also while a worker holds it.
 *
 * Planned lines are skipped in the same statement, so the worker's next write-ahead loses. A line that is submitting or in
 * doubt is marked: nothing of it is sent again, and once it is proved not to have landed it is skipped as well. What was
 * bought stays bought. `EXECUTION_NOT_IN_EXPECTED_STATUS` for one that has ended.
 */
export async function cancelExecution(
  context: EngineContext,
  executionId: string,
  cancellation: Cancellation,
): Promise<Execution> {
  checkKeys<Cancellation>("cancellation", cancellation, { canceledBy: true, reason: true });
  const { canceledBy, reason } = cancellation;
  const by: WithdrawnBy = { by: named("canceledBy", canceledBy), ...(reason !== undefined && { reason }) };
  return (await changeAtVersion(context.store, executionId, (execution) => canceling(execution, by))).execution;
}

function canceling(execution: Execution, by: WithdrawnBy): DecidedChange | undefined {
  if (isTerminal(execution.status)) throw notCancelable(execution);
  const lines = execution.lines.map((line) => canceled(line, by));
  const changes = lines.filter((line, at) => line !== execution.lines[at]);
  const end = endAfterCancel(execution.status, lines, by);
  if (changes.length === 0 && end === undefined) return undefined;
  return {
    ...end,
    ...(changes.length > 0 && { lines: changes.map((line) => ({ index: line.index, progress: line })) }),
    event: { kind: "canceled", actor: by.by, ...(by.reason !== undefined && { reason: by.reason }) },
  };
}

function canceled(line: PurchaseLine, withdrawn: WithdrawnBy): PurchaseLine {
  if (line.state === "planned") return { ...line, state: "skipped", withdrawn, doubt: null, lastError: null };
  return isUnsettled(line.state) && line.withdrawn === null ? { ...line, withdrawn } : line;
}

/** Ends the execution where nothing of it is in doubt; else those who end the doubt end it as well. */
function endAfterCancel(
  status: ExecutionStatus,
  lines: readonly PurchaseLine[],
  { reason = tally(lines) }: WithdrawnBy,
): Pick<DecidedChange, "status" | "reason" | "wakeAt" | "lease"> | undefined {
  const proved = settle(lines);
  if (proved === "in_doubt" || !canTransition(status, proved)) return undefined;
  return { status: proved, reason, wakeAt: null, lease: { kind: "release" } };
}

function notCancelable(current: Execution): BuyonceError {
  return new BuyonceError(
    "EXECUTION_NOT_IN_EXPECTED_STATUS",
    `Execution ${current.id} is ${current.status}: it has ended, and nothing of it can be canceled.`,
    { current },
  );
}

/** A person's name in the audit trail; a `TypeError` where there is none. */
export function named(field: string, value: string): string {
  if (!nonBlankSchema().safeParse(value).success)
    throw new TypeError(`${field} must name who decides, without control characters`);
  return value;
}
