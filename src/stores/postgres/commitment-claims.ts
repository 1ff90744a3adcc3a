import type { ExecutionStore } from "../../store-port/execution-store.js";
import type { Database } from "./database.js";

/** Lists which of some commitment ids are recorded, and for which line. */
export function commitmentClaims({ schema, statement }: Database): ExecutionStore["claims"] {
  const run = statement(
    "claims",
    `select commitment_id, execution_id, line_index
       from ${schema}.commitments
      where cloud = $1 and account = $2 and commitment_id = any ($3::text[])
      order by commitment_id`,
  );
  return async ({ cloud, account, commitmentIds }) =>
    (await run([cloud, account, commitmentIds])).map((row) => ({
      commitmentId: String(row["commitment_id"]),
      executionId: String(row["execution_id"]),
      lineIndex: Number(row["line_index"]),
    }));
}
