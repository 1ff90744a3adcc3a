import type { ExecutionStore } from "../../store-port/execution-store.js";
import type { Database } from "./database.js";
import { decodeExecution, linesOf } from "./execution-row.js";

/** Lists executions without a sign of life: one range of the index on `last_sign_of_life_at`. */
export function stuckExecutions({ schema, statement }: Database): ExecutionStore["stuck"] {
  const run = statement(
    "stuck",
    `select row_to_json(e)::text as execution,
            ${linesOf(schema, "e.id")} as lines,
            (extract(epoch from statement_timestamp() - greatest(e.last_sign_of_life_at, e.wake_at)) * 1000)::bigint::text as stuck_for_ms
       from ${schema}.executions e
      where e.status in ('approved', 'running')
        and e.last_sign_of_life_at < statement_timestamp() - $1::float8 * interval '1 millisecond'
        and (e.lease_expires_at is null or e.lease_expires_at <= statement_timestamp())
        and (e.wake_at is null or e.wake_at < statement_timestamp() - $1::float8 * interval '1 millisecond')
      order by e.last_sign_of_life_at, e.id
      limit $2`,
  );
  return async ({ olderThanMs, limit }) =>
    (await run([olderThanMs, limit])).map((row) => ({
      execution: decodeExecution(row),
      stuckForMs: Number(row["stuck_for_ms"]),
    }));
}
