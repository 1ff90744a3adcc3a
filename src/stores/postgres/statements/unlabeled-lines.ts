import type { ExecutionStore } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";

/** Lists committed lines without their label. The line with the oldest change comes first. */
export function unlabeledLines({ schema, statement }: Database): ExecutionStore["unlabeled"] {
  const run = statement(
    "unlabeled",
    `select l.execution_id, l.line_index
       from ${schema}.lines l
       join ${schema}.executions e on e.id = l.execution_id
      where l.state = 'committed' and l.needs_label
        and (e.wake_at is null or e.wake_at <= statement_timestamp())
      order by l.changed_at, l.execution_id, l.line_index
      limit $1`,
  );
  return async ({ limit }) =>
    (await run([limit])).map((row) => ({
      executionId: String(row["execution_id"]),
      lineIndex: Number(row["line_index"]),
    }));
}
