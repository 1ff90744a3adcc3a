import type { Execution, Lease, LineProgress, PlanStep, PurchaseLine } from "../../../domain/execution.js";
import type { SqlRow } from "../client/sql-client.js";

/**
 * A row of `executions` as `row_to_json` writes it. The statement returns JSON, because its numbers and times do not
 * depend on how a driver, or an application that configures the driver, parses int8 and timestamptz. One wide column
 * also costs the driver less than twenty columns. The row has other columns too, which no caller sees.
 */
interface ExecutionRow {
  readonly id: string;
  readonly request_key: string;
  readonly content_fingerprint: string;
  readonly lineage_key: string;
  readonly status: Execution["status"];
  readonly version: number;
  readonly fence: number;
  readonly lease_owner: string | null;
  readonly lease_expires_at: string | null;
  readonly source: string | null;
  readonly plan_id: string | null;
  readonly plan_step: number | null;
  readonly plan_skip: string | null;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly status_changed_at: string;
  readonly approved_by: string | null;
  readonly approvals_needed: number;
  readonly approvers: readonly { readonly id: string }[];
  readonly approval_from: string | null;
  readonly expires_at: string | null;
  readonly wake_at: string | null;
  readonly reason: string | null;
  readonly retry_of: string | null;
  readonly successor_id: string | null;
}

/** A row of `lines` as `array_to_json` writes it. */
interface LineRow {
  readonly line_index: number;
  readonly request: PurchaseLine["request"];
  readonly fingerprint: string;
  readonly need: PurchaseLine["need"];
  readonly state: PurchaseLine["state"];
  readonly attempt: number;
  readonly submitted_at: string | null;
  readonly unproved_since: string | null;
  readonly unproved_requests: number;
  readonly sent_under: LineProgress["sentUnder"];
  readonly prepared: LineProgress["prepared"];
  readonly commitment: LineProgress["commitment"];
  readonly needs_label: boolean;
  readonly rejection: LineProgress["rejection"];
  readonly doubt: LineProgress["doubt"];
  readonly last_error: LineProgress["lastError"];
  readonly withdrawn: LineProgress["withdrawn"];
  readonly said_absent: LineProgress["saidAbsent"];
  readonly price_drift: LineProgress["priceDrift"];
}

const epochMs = (time: string): number => Date.parse(time);
const epochMsOrNull = (time: string | null): number | null => (time === null ? null : Date.parse(time));

/**
 * SQL for the column `lines` of {@link decodeExecution}, from a query that gives whole lines. It is an array, because
 * the server needs more time to set up an aggregate than to read a line.
 */
export const linesAsJson = (lines: string): string => `array_to_json(array(${lines}))::text`;

/** {@link linesAsJson} of all lines of the execution whose id the SQL expression gives. */
export const linesOf = (schema: string, executionId: string): string =>
  linesAsJson(`select l from ${schema}.lines l where l.execution_id = ${executionId}`);

/**
 * SQL for the columns that {@link decodeExecution} decodes, for row `e` of executions as the statement's snapshot has
 * it.
 */
export const wholeExecution = (schema: string): string => `row_to_json(e)::text as execution,
            ${linesOf(schema, "e.id")} as lines`;

/**
 * Decodes an execution from the columns `execution` (its row_to_json) and `lines` (see {@link linesAsJson}, in any
 * order).
 */
export function decodeExecution(row: SqlRow): Execution {
  const execution = JSON.parse(String(row["execution"])) as ExecutionRow;
  return {
    id: execution.id,
    requestKey: execution.request_key,
    contentFingerprint: execution.content_fingerprint,
    lineageKey: execution.lineage_key,
    status: execution.status,
    version: execution.version,
    fence: execution.fence,
    lease: leaseOf(execution),
    source: execution.source,
    plan: planOf(execution),
    createdBy: execution.created_by,
    createdAt: epochMs(execution.created_at),
    updatedAt: epochMs(execution.updated_at),
    statusChangedAt: epochMs(execution.status_changed_at),
    approvedBy: execution.approved_by,
    approvalsNeeded: execution.approvals_needed,
    approvers: execution.approvers.map(({ id }) => id),
    approvedAt: epochMsOrNull(execution.approval_from),
    expiresAt: epochMsOrNull(execution.expires_at),
    wakeAt: epochMsOrNull(execution.wake_at),
    reason: execution.reason,
    retryOf: execution.retry_of,
    successorId: execution.successor_id,
    lines: decodeLines(row["lines"]),
  };
}

const planOf = ({ plan_id: id, plan_step: step, plan_skip }: ExecutionRow): PlanStep | null =>
  id === null ? null : { id, step, ...(plan_skip !== null && { skipStep: plan_skip }) };

const leaseOf = ({ lease_owner, lease_expires_at }: ExecutionRow): Lease | null =>
  lease_owner === null || lease_expires_at === null
    ? null
    : { owner: lease_owner, expiresAt: epochMs(lease_expires_at) };

const decodeLines = (lines: unknown): PurchaseLine[] =>
  (JSON.parse(String(lines)) as LineRow[]).map(decodeLine).sort((a, b) => a.index - b.index);

const decodeLine = (line: LineRow): PurchaseLine => ({
  index: line.line_index,
  request: line.request,
  fingerprint: line.fingerprint,
  need: line.need,
  state: line.state,
  attempt: line.attempt,
  submittedAt: epochMsOrNull(line.submitted_at),
  unprovedSince: epochMsOrNull(line.unproved_since),
  unprovedRequests: line.unproved_requests,
  sentUnder: line.sent_under,
  prepared: line.prepared,
  commitment: line.commitment,
  needsLabel: line.needs_label,
  rejection: line.rejection,
  doubt: line.doubt,
  lastError: line.last_error,
  withdrawn: line.withdrawn,
  saidAbsent: line.said_absent,
  priceDrift: line.price_drift,
});
