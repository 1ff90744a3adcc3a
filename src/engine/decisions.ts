import { LONGEST_SPAN_MS } from "../domain/bounds.js";
import type { EpochMs } from "../domain/clock.js";
import { BuyonceError } from "../domain/errors.js";
import type { Execution, PurchaseLine } from "../domain/execution.js";
import type { ExecutionStatus } from "../domain/execution-status.js";
import { isUnsettled } from "../domain/line-state.js";
import { textSchema } from "../domain/text.js";
import { found, transitionExecutionStatus } from "../state-machine/transition-execution-status.js";
import type { EngineContext } from "./engine-options.js";

const AWAITING_APPROVAL: readonly ExecutionStatus[] = ["pending", "notified"];

/** Who approves. */
export interface Approval {
  readonly approvedBy: string;
  readonly reason?: string;
}

/** Lets an execution be bought: `pending`, `notified` or `scheduled` to `approved`. */
export const approveExecution = (
  context: EngineContext,
  executionId: string,
  { approvedBy, reason }: Approval,
): Promise<Execution> =>
  transitionExecutionStatus(context.store, {
    executionId,
    from: [...AWAITING_APPROVAL, "scheduled"],
    to: "approved",
    kind: "approved",
    unexpired: true,
    actor: named("approvedBy", approvedBy),
    approvedBy,
    wakeAt: null,
    ...(reason === undefined ? {} : { reason }),
  });

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
  const runAt = dueTime(context, scheduling.runAt);
  return transitionExecutionStatus(context.store, {
    executionId,
    from: AWAITING_APPROVAL,
    to: "scheduled",
    kind: "scheduled",
    unexpired: true,
    actor: named("approvedBy", scheduling.approvedBy),
    approvedBy: scheduling.approvedBy,
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

/** Sets an execution that waits for approval aside. */
export const pauseExecution = (
  context: EngineContext,
  executionId: string,
  { pausedBy, reason }: { readonly pausedBy: string; readonly reason?: string },
): Promise<Execution> =>
  transitionExecutionStatus(context.store, {
    executionId,
    from: AWAITING_APPROVAL,
    to: "paused",
    kind: "paused",
    actor: named("pausedBy", pausedBy),
    ...(reason === undefined ? {} : { reason }),
  });

/** Brings a paused execution back to `pending`. */
export const resumeExecution = (
  context: EngineContext,
  executionId: string,
  { resumedBy }: { readonly resumedBy: string },
): Promise<Execution> =>
  transitionExecutionStatus(context.store, {
    executionId,
    from: ["paused"],
    to: "pending",
    kind: "resumed",
    actor: named("resumedBy", resumedBy),
  });

/** Who cancels. */
export interface Cancellation {
  readonly canceledBy: string;
  readonly reason?: string;
}

const CANCELABLE: readonly ExecutionStatus[] = ["pending", "notified", "paused", "scheduled", "approved"];
const MAX_TRIES = 8;

/**
 * Withdraws an execution of which nothing was bought; its planned lines are skipped in the same statement.
 *
 * `EXECUTION_NOT_IN_EXPECTED_STATUS` once a worker holds it or anything of it was sent: what then remains to buy ends
 * with the run, the reaper or a person's resolution.
 */
export async function cancelExecution(
  context: EngineContext,
  executionId: string,
  { canceledBy, reason }: Cancellation,
): Promise<Execution> {
  const actor = named("canceledBy", canceledBy);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const execution = await found(context.store, executionId);
    if (!CANCELABLE.includes(execution.status) || execution.lines.some(wasSent)) throw notCancelable(execution);
    const result = await context.store.commit({
      executionId,
      guard: { version: execution.version, status: CANCELABLE, leaseFree: true },
      status: "canceled",
      reason: reason ?? null,
      wakeAt: null,
      lines: execution.lines
        .filter((line) => line.state === "planned")
        .map((line) => ({ index: line.index, progress: { ...line, state: "skipped" } })),
      event: { kind: "canceled", actor, ...(reason === undefined ? {} : { reason }) },
    });
    if (result.kind === "moved") return result.execution;
  }
  throw new BuyonceError("CONCURRENT_CHANGE", `Execution ${executionId} changed under each try to cancel it.`);
}

/** Lines of which something was or may have been bought. */
const wasSent = ({ state }: PurchaseLine): boolean => state === "committed" || isUnsettled(state);

function notCancelable(current: Execution): BuyonceError {
  return new BuyonceError(
    "EXECUTION_NOT_IN_EXPECTED_STATUS",
    `Execution ${current.id} is ${current.status}; only ${CANCELABLE.join(", ")} of which nothing was sent can be canceled.`,
    { current },
  );
}

/** A person's name in the audit trail; a `TypeError` where there is none. */
export function named(field: string, value: string): string {
  if (!textSchema.safeParse(value).success || value.trim() === "")
    throw new TypeError(`${field} must name who decides, without control characters`);
  return value;
}
