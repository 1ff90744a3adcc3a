import type { ExecutionStore } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { decodeExecution, wholeExecution } from "./execution-row.js";
import { IS_STUCK, STUCK_FOR_S } from "./stuck-condition.js";

/** Lists executions without activity: one range of the index on `last_active_at`. */
export function stuckExecutions({ schema, statement }: Database): ExecutionStore["stuck"] {
  const run = statement(
    "stuck",
    `select ${wholeExecution(schema)},
            (${STUCK_FOR_S} * 1000)::bigint::text as stuck_for_ms
       from ${schema}.executions e
      where ${IS_STUCK}
      order by e.last_active_at, e.id
      limit $2`,
  );
  return async ({ olderThanMs, limit }) =>
    (await run([olderThanMs, limit])).map((row) => ({
      execution: decodeExecution(row),
      stuckForMs: Number(row["stuck_for_ms"]),
    }));
}
