import type { ExecutionStore } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { jsonText } from "./json-text.js";

/** Finds who has waited longest for each lane, with one probe of the index of waiting lines for each. */
export function laneWaiters({ schema, statement }: Database): ExecutionStore["laneWaiters"] {
  const run = statement(
    "lane_waiters",
    `select waiter.execution_id, waiter.line_index
       from (select distinct jsonb_array_elements_text($1::text::jsonb) as lane) as wanted
      cross join lateral (
        select l.execution_id, l.line_index
          from ${schema}.lines l
          join ${schema}.executions e on e.id = l.execution_id
         where (l.last_error ->> 'lane') collate "C" = wanted.lane
           and l.last_error ->> 'lane' is not null and l.state = 'planned'
           and e.wake_at > statement_timestamp()
         order by (l.last_error ->> 'since')::bigint, l.execution_id, l.line_index
         limit 1
      ) as waiter`,
  );
  return async (lanes) =>
    (await run([jsonText(lanes)])).map((row) => ({
      executionId: String(row["execution_id"]),
      lineIndex: Number(row["line_index"]),
    }));
}
