import type { AuditEvent } from "../domain/audit-event.js";
import type { EpochMs } from "../domain/clock.js";
import type { Execution } from "../domain/execution.js";
import type { ExecutionStatus } from "../domain/execution-status.js";
import { invalidArgument } from "../domain/input-problem.js";
import type { Limit } from "../domain/limit.js";
import { isUnsettled } from "../domain/line-state.js";
import { checkKeys, refuse } from "../domain/options.js";
import { limitProblems } from "../guards/limits/limit-schema.js";
import { limitSet } from "../guards/limits/limit-set.js";
import { type PastApproval, type ReplayedRefusal, replayedLimits } from "../guards/limits/replayed-limits.js";
import { readTrail } from "../state-machine/read-lineage.js";
import { isTerminal } from "../state-machine/transitions.js";
import type { ExecutionStore } from "../store-port/execution-store.js";

/** The approvals that a replay looks at. */
export interface ReplayRange {
  readonly from: EpochMs;
  /** The first moment that does not belong to the range. */
  readonly to: EpochMs;
}

/** What limits would have refused. */
export interface LimitReplay {
  /** How many approvals of the range there were. */
  readonly approvals: number;
  /** Those that would have been refused, oldest first. */
  readonly refused: readonly ReplayedRefusal[];
}

/**
 * Answers what proposed limits would have refused among the approvals of a time, from the audit trail. It changes nothing.
 *
 * Let `from` be the start of the limits' period, because nothing before it is counted. What the limits would have refused
 * counts nothing later, although it was bought.
 */
export async function replayLimits(
  store: ExecutionStore,
  limits: readonly Limit[],
  range: ReplayRange,
): Promise<LimitReplay> {
  checkKeys<ReplayRange>("range", range, { from: true, to: true });
  refuse(limitProblems(limits));
  const { from, to } = range;
  if (!(from < to)) throw invalidArgument("range", "must have a from before its to, as epoch milliseconds");
  const approvals: PastApproval[] = [];
  for await (const execution of executionsBefore(store, to)) {
    const approval = approvalIn(execution, await readTrail(store, execution));
    if (approval !== undefined && approval.at >= from && approval.at < to) approvals.push(approval);
  }
  return { approvals: approvals.length, refused: replayedLimits(limitSet(limits).limits, approvals) };
}

/** The executions that were created before a time and approved at some time. */
async function* executionsBefore(store: ExecutionStore, to: EpochMs): AsyncGenerator<Execution> {
  for (let cursor: string | undefined; ; ) {
    const page = await store.history({ createdBefore: to, limit: 200, ...(cursor !== undefined && { cursor }) });
    for (const execution of page.executions) if (execution.approvedBy !== null) yield execution;
    cursor = page.nextCursor;
    if (cursor === undefined) return;
  }
}

const APPROVED: readonly ExecutionStatus[] = ["approved", "scheduled"];

/** The first approval in a trail. `undefined` if there is none. */
function approvalIn(execution: Execution, trail: readonly AuditEvent[]): PastApproval | undefined {
  const approval = trail.find(({ status }) => APPROVED.includes(status));
  return approval && { execution, at: approval.at, settledAt: settledAt(execution, trail) };
}

/** When the last line of an ended execution was settled. */
function settledAt({ status, lines }: Execution, trail: readonly AuditEvent[]): EpochMs | undefined {
  if (!isTerminal(status) || lines.some(({ state }) => isUnsettled(state))) return undefined;
  return trail.find((event) => isTerminal(event.status))?.at;
}
