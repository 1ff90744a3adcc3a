import type { ExecutionStore } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { jsonText } from "./json-text.js";

/** Lists planned lines that wait for lanes, with one probe of the index of waiting lines for each lane. */
export function laneWaiters({ schema, statement }: Database): ExecutionStore["laneWaiters"] {
  const run = statement(
    "lane_waiters",
    `select l.execution_id, l.line_index
       from (select distinct jsonb_array_elements_text($1::text::jsonb) as lane) as wanted
       join ${schema}.lines l
         on (l.last_error ->> 'lane') collate "C" = wanted.lane
        and l.last_error ->> 'lane' is not null and l.state = 'planned'
       join ${schema}.executions e on e.id = l.execution_id
      where e.wake_at > statement_timestamp()
      order by (l.last_error ->> 'since')::bigint, l.execution_id, l.line_index
      limit $2`,
  );
  return async ({ lanes, limit }) =>
    (await run([jsonText(lanes), limit])).map((row) => ({
      executionId: String(row["execution_id"]),
      lineIndex: Number(row["line_index"]),
    }));
}
