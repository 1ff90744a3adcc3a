import type { ExecutionStore } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { decodeExecution, wholeExecution } from "./execution-row.js";

/** Reads one execution with its lines. */
export function getExecution({ schema, statement }: Database): ExecutionStore["get"] {
  const run = statement(
    "get",
    `select ${wholeExecution(schema)}
       from ${schema}.executions e
      where e.id = $1`,
  );
  return async (executionId) => {
    // PostgreSQL accepts no NUL character. Without this check an unknown id would be an error.
    if (executionId.includes("\0")) return undefined;
    const [row] = await run([executionId]);
    return row && decodeExecution(row);
  };
}
