import type { ExecutionStore } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";

/** Lists which of the given commitment ids are recorded, for which line, and whether by a person's word. */
export function commitmentClaims({ schema, statement }: Database): ExecutionStore["claims"] {
  const run = statement(
    "claims",
    `select c.commitment_id, c.execution_id, c.line_index, (l.commitment -> 'resolvedBy' is not null)::text as by_person
       from ${schema}.commitments c
       join ${schema}.lines l on l.execution_id = c.execution_id and l.line_index = c.line_index
      where c.cloud = $1 and c.account = $2 and c.commitment_id = any ($3::text[])
      order by c.commitment_id`,
  );
  return async ({ cloud, account, commitmentIds }) =>
    (await run([cloud, account, commitmentIds])).map((row) => ({
      commitmentId: String(row["commitment_id"]),
      executionId: String(row["execution_id"]),
      lineIndex: Number(row["line_index"]),
      byPerson: row["by_person"] === "true",
    }));
}
