import type { AuditEvent } from "../../../domain/audit-event.js";

/** A row of `events` as `row_to_json` writes it. */
export interface EventRow {
  readonly execution_id: string;
  readonly version: number;
  readonly at: string;
  readonly status: AuditEvent["status"];
  readonly kind: AuditEvent["kind"];
  readonly actor: string;
  readonly reason: string | null;
  readonly line_index: number | null;
  readonly data: Readonly<Record<string, unknown>> | null;
}

/** The event of a row. */
export const decodeEvent = (row: EventRow): AuditEvent => ({
  executionId: row.execution_id,
  version: row.version,
  at: Date.parse(row.at),
  status: row.status,
  kind: row.kind,
  actor: row.actor,
  ...(row.reason === null ? {} : { reason: row.reason }),
  ...(row.line_index === null ? {} : { lineIndex: row.line_index }),
  ...(row.data === null ? {} : { data: row.data }),
});
