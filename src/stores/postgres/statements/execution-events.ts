import type { ExecutionStore } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { decodeEvent, type EventRow } from "./event-row.js";

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
