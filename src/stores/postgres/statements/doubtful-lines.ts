import { storableText } from "../../../domain/text.js";
import type { ExecutionStore } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";

/** Lists lines in doubt of one account. The line that was sent last comes first. */
export function doubtfulLines({ schema, statement }: Database): ExecutionStore["doubts"] {
  const run = statement(
    "doubts",
    `select execution_id, line_index
       from ${schema}.lines
      where state = 'in_doubt' and cloud = $1 and account = $2
        and submitted_at > statement_timestamp() - $3::float8 * interval '1 millisecond'
      order by submitted_at desc, execution_id, line_index
      limit $4`,
  );
  return async ({ cloud, account, sentWithinMs, limit }) =>
    (await run([storableText(cloud), storableText(account), sentWithinMs, limit])).map((row) => ({
      executionId: String(row["execution_id"]),
      lineIndex: Number(row["line_index"]),
    }));
}
