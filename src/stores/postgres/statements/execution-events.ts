import type { AuditEvent } from "../../../domain/audit-event.js";
import type { ExecutionStore } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";

/** The most events of a page without a stated limit. */
const DEFAULT_LIMIT = 1_000;

/** Reads the audit trail of one execution. */
export function executionEvents({ schema, statement }: Database): ExecutionStore["events"] {
  const run = statement(
    "events",
    `select row_to_json(e)::text as event
       from ${schema}.events e
      where e.execution_id = $1 and e.version > $2::bigint
      order by e.version
      limit $3`,
  );
  return async (executionId, page = {}) => {
    const rows = await run([executionId, page.afterVersion ?? 0, page.limit ?? DEFAULT_LIMIT]);
    return rows.map((row) => decodeEvent(JSON.parse(String(row["event"])) as EventRow));
  };
}

/** A row of `events` as `row_to_json` writes it. */
interface EventRow {
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

const decodeEvent = (row: EventRow): AuditEvent => ({
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
