import type { ExecutionStore, NeedUse } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { epochMs } from "./epoch-ms.js";

/** Reads which lines cover needs, with one range of an index for each need and state. */
export function needUses({ schema, statement }: Database): ExecutionStore["needs"] {
  const run = statement(
    "need_uses",
    `select l.need_key, l.execution_id, l.line_index, e.lineage_key, e.status, l.state,
            case l.state when 'committed' then ${epochMs("(coalesce(l.submitted_at, l.changed_at) + $2::float8 * interval '1 millisecond')")}::text end as until
       from ${schema}.lines l
       join ${schema}.executions e on e.id = l.execution_id
      where l.need_key = any ($1::text[])
        and (l.state in ('submitting', 'in_doubt')
          or (l.state = 'planned' and e.status in (
               'pending', 'notified', 'scheduled', 'paused', 'approved', 'running', 'in_doubt'))
          or (l.state = 'committed' and l.changed_at > statement_timestamp() - $2::float8 * interval '1 millisecond'
              and coalesce(l.submitted_at, l.changed_at) > statement_timestamp() - $2::float8 * interval '1 millisecond'))
      order by l.execution_id, l.line_index
      limit $3`,
  );
  return async ({ needKeys, boughtWithinMs, limit }) =>
    (await run([needKeys, boughtWithinMs, limit])).map((row) => ({
      needKey: String(row["need_key"]),
      executionId: String(row["execution_id"]),
      lineIndex: Number(row["line_index"]),
      lineageKey: String(row["lineage_key"]),
      status: String(row["status"]) as NeedUse["status"],
      lineState: String(row["state"]) as NeedUse["lineState"],
      until: row["until"] === null ? null : Number(row["until"]),
    }));
}
