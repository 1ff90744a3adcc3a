import type { ExecutionStore, NeedLine } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { epochMs } from "./epoch-ms.js";

/** Reads the lines that take needs, by the open executions and by the purchases of late: never by all lines. */
export function neededLines({ schema, statement }: Database): ExecutionStore["neededLines"] {
  const scoped = `l.need_key > $1 and ($2::text is null or l.account = $2) and ($3::text is null or l.service = $3)
    and ($6::text[] is null or l.need_key = any ($6))`;
  const told = `l.need_key, l.execution_id, l.line_index, l.request, l.state, e.lineage_key, e.status, e.expires_at`;
  const run = statement(
    "needed_lines",
    `with uses as materialized (
       select ${told}, null::timestamptz as until, null::float8 as bought_ago
         from ${schema}.executions e
         join ${schema}.lines l on l.execution_id = e.id
        where e.status in ('pending', 'notified', 'scheduled', 'paused', 'approved', 'running', 'in_doubt')
          and l.state in ('planned', 'submitting', 'in_doubt') and ${scoped}
        union all
       select ${told}, coalesce(l.submitted_at, l.changed_at) + $4::float8 * interval '1 millisecond',
              extract(epoch from statement_timestamp() - coalesce(l.submitted_at, l.changed_at)) * 1000
         from ${schema}.lines l
         join ${schema}.executions e on e.id = l.execution_id
        where l.state = 'committed' and l.need_key is not null and ${scoped}
          and l.changed_at > statement_timestamp() - $4::float8 * interval '1 millisecond'
          and coalesce(l.submitted_at, l.changed_at) > statement_timestamp() - $4::float8 * interval '1 millisecond'
     ), page as materialized (
       select distinct need_key from uses order by need_key limit $5
     )
     select need_key, execution_id, line_index, request::text as request, state, lineage_key, status,
            ${epochMs("expires_at")}::text as expires_at, ${epochMs("until")}::text as until, bought_ago::text as bought_ago
       from uses
       join page using (need_key)
      order by need_key, execution_id, line_index`,
  );
  return async ({ after, account, service, needKeys, boughtWithinMs, limit }) =>
    (await run([after ?? "", account ?? null, service ?? null, boughtWithinMs, limit, needKeys ?? null])).map(
      (row) => ({
        needKey: String(row["need_key"]),
        executionId: String(row["execution_id"]),
        lineIndex: Number(row["line_index"]),
        lineageKey: String(row["lineage_key"]),
        status: String(row["status"]) as NeedLine["status"],
        lineState: String(row["state"]) as NeedLine["lineState"],
        until: numberOrNull(row["until"]),
        boughtAgoMs: numberOrNull(row["bought_ago"]),
        expiresAt: numberOrNull(row["expires_at"]),
        request: JSON.parse(String(row["request"])) as NeedLine["request"],
      }),
    );
}

const numberOrNull = (value: unknown): number | null => (value === null ? null : Number(value));
