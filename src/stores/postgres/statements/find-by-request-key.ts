import type { Execution } from "../../../domain/execution.js";
import type { Database } from "../database.js";
import { decodeExecution, wholeExecution } from "./execution-row.js";

/** Reads the execution that holds a request key. */
export function findByRequestKey({
  schema,
  statement,
}: Database): (requestKey: string) => Promise<Execution | undefined> {
  const run = statement(
    "find_by_request_key",
    `select ${wholeExecution(schema)}
       from ${schema}.request_keys k
       join ${schema}.executions e on e.id = k.execution_id
      where k.request_key = $1`,
  );
  return async (requestKey) => {
    const [row] = await run([requestKey]);
    return row && decodeExecution(row);
  };
}
