import type { Execution } from "../../domain/execution.js";
import type { ExecutionStore, HistoryQuery } from "../../store-port/execution-store.js";
import type { Database } from "./database.js";
import { decodeExecution } from "./execution-row.js";
import { decodeCursor, encodeCursor } from "./history-cursor.js";
import { timestamp } from "./timestamp.js";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** Pages through executions, newest first; each page starts below the last row of the page before, by key. */
export function executionHistory({ schema, statement }: Database): ExecutionStore["history"] {
  const run = statement(
    "history",
    `select row_to_json(e)::text as execution,
            (select json_agg(l)::text from ${schema}.lines l where l.execution_id = e.id) as lines
       from ${schema}.executions e
      where (e.created_at, e.id) < (coalesce($1::text::timestamptz, 'infinity'), coalesce($2, ''))
        and e.created_at >= coalesce($3::text::timestamptz, '-infinity')
        and e.created_at < coalesce($4::text::timestamptz, 'infinity')
        and ($5::text[] is null or e.status = any ($5))
        and ($6::text is null or e.created_by = $6)
        and ($7::text is null or e.source = $7)
        and ($8::text is null or exists (
              select from ${schema}.lines l where l.execution_id = e.id and $8 in (l.service, l.cloud)))
        and ($9::text is null or exists (
              select from ${schema}.lines l where l.execution_id = e.id and l.account = $9))
        and ($10::text is null or e.id in (
              select c.execution_id from ${schema}.commitments c where c.commitment_id = $10))
      order by e.created_at desc, e.id desc
      limit $11`,
  );
  return async (query) => {
    const limit = Math.min(query.limit ?? DEFAULT_LIMIT, MAX_LIMIT);
    const executions = (await run(parametersOf(query, limit))).map(decodeExecution);
    return pageOf(executions, limit);
  };
}

/** One row beyond the page tells whether there is another page. */
function pageOf(executions: readonly Execution[], limit: number) {
  const page = executions.slice(0, limit);
  const last = page.at(-1);
  return { executions: page, ...(last && executions.length > limit ? { nextCursor: encodeCursor(last) } : {}) };
}

function parametersOf(query: HistoryQuery, limit: number): readonly unknown[] {
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  return [
    timestamp(after?.createdAt ?? null),
    after?.id ?? null,
    timestamp(query.createdFrom ?? null),
    timestamp(query.createdBefore ?? null),
    query.status ?? null,
    query.createdBy ?? null,
    query.source ?? null,
    query.provider ?? null,
    query.account ?? null,
    query.commitmentId ?? null,
    limit + 1,
  ];
}
