import type { DueExecution, ExecutionStore } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";

/** Lists executions that tick has work for: one range of the index on `due_at`. */
export function dueExecutions({ schema, statement }: Database): ExecutionStore["due"] {
  const run = statement(
    "due",
    `select id, status
       from ${schema}.executions
      where due_at <= statement_timestamp()
      order by due_at, id
      limit $1`,
  );
  return async ({ limit }) =>
    (await run([limit])).map((row) => ({
      executionId: String(row["id"]),
      status: String(row["status"]) as DueExecution["status"],
    }));
}
