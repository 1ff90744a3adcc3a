import type { Execution, Lease, PlanStep, PurchaseLine } from "../../../domain/execution.js";
import { storableText } from "../../../domain/text.js";
import { dueAt } from "../../law/due.js";
import type { StoredRecord } from "../../law/stored-record.js";
import type { Row } from "../database/connection.js";
import type { SqliteValue } from "../database/sqlite-database.js";
import { decodeJson, encodeJson, numberOrNull, textOrNull } from "./json-column.js";

const storableOrNull = (text: string | null): string | null => text && storableText(text);

/** The columns of an execution that no change touches. */
const fixedColumns = ({ execution }: StoredRecord) => ({
  id: execution.id,
  request_key: execution.requestKey,
  content_fingerprint: execution.contentFingerprint,
  lineage_key: execution.lineageKey,
  source: execution.source,
  plan_id: execution.plan?.id ?? null,
  plan_step: execution.plan?.step ?? null,
  plan_skip: storableOrNull(execution.plan?.skipStep ?? null),
  created_by: execution.createdBy,
  created_at: execution.createdAt,
  expires_at: execution.expiresAt,
  approvals_needed: execution.approvalsNeeded,
  retry_of: execution.retryOf,
});

/** The columns of an execution that changes touch. */
export const changingColumns = ({ execution, lastActiveAt }: StoredRecord) =>
  ({
    status: execution.status,
    version: execution.version,
    fence: execution.fence,
    lease_owner: execution.lease?.owner ?? null,
    lease_expires_at: execution.lease?.expiresAt ?? null,
    updated_at: execution.updatedAt,
    status_changed_at: execution.statusChangedAt,
    last_active_at: lastActiveAt,
    approved_by: storableOrNull(execution.approvedBy),
    approved_at: execution.approvedAt,
    approvers: encodeJson(execution.approvers),
    wake_at: wholeOrNull(execution.wakeAt),
    reason: storableOrNull(execution.reason),
    successor_id: execution.successorId,
    due_at: wholeOrNull(dueAt(execution)),
  }) satisfies Record<string, SqliteValue>;

/** A time in whole milliseconds. */
const wholeOrNull = (time: number | null): number | null => time && Math.ceil(time);

/** All columns of a new execution. */
export const newColumns = (record: StoredRecord): Readonly<Record<string, SqliteValue>> => ({
  ...fixedColumns(record),
  ...changingColumns(record),
});

/** An execution from its row and from those of its lines that are wanted, in the order of their indices. */
export const decodeExecution = (row: Row, lines: readonly PurchaseLine[]): Execution => ({
  id: String(row["id"]),
  requestKey: String(row["request_key"]),
  contentFingerprint: String(row["content_fingerprint"]),
  lineageKey: String(row["lineage_key"]),
  status: row["status"] as Execution["status"],
  version: Number(row["version"]),
  fence: Number(row["fence"]),
  lease: leaseOf(row),
  source: textOrNull(row["source"]),
  plan: planOf(row),
  createdBy: String(row["created_by"]),
  createdAt: Number(row["created_at"]),
  updatedAt: Number(row["updated_at"]),
  statusChangedAt: Number(row["status_changed_at"]),
  approvedBy: textOrNull(row["approved_by"]),
  approvalsNeeded: Number(row["approvals_needed"]),
  approvers: decodeJson(row["approvers"]),
  approvedAt: numberOrNull(row["approved_at"]),
  expiresAt: numberOrNull(row["expires_at"]),
  wakeAt: numberOrNull(row["wake_at"]),
  reason: textOrNull(row["reason"]),
  retryOf: textOrNull(row["retry_of"]),
  successorId: textOrNull(row["successor_id"]),
  lines,
});

const leaseOf = (row: Row): Lease | null =>
  row["lease_owner"] === null
    ? null
    : { owner: String(row["lease_owner"]), expiresAt: Number(row["lease_expires_at"]) };

const planOf = (row: Row): PlanStep | null =>
  row["plan_id"] === null
    ? null
    : {
        id: String(row["plan_id"]),
        step: numberOrNull(row["plan_step"]),
        ...(row["plan_skip"] !== null && { skipStep: String(row["plan_skip"]) }),
      };
