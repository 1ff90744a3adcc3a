import type { Execution } from "../../domain/execution.js";
import type { ExecutionStore, HistoryQuery } from "../../store-port/execution-store.js";
import type { Database } from "./database.js";
import { decodeExecution } from "./execution-row.js";
import { decodeCursor, encodeCursor } from "./history-cursor.js";
import { wantedTerms } from "./history-terms.js";
import { timestamp } from "./timestamp.js";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/**
 * Pages through executions, newest first; each page starts below the last row of the page before, by key.
 *
 * A statement holds the filters that are asked for and no others, so that each is a range of an index in the order of the
 * page; the server plans it by what it knows of the values.
 */
export function executionHistory({ schema, unnamed }: Database): ExecutionStore["history"] {
  return async (query) => {
    const limit = Math.min(query.limit ?? DEFAULT_LIMIT, MAX_LIMIT);
    const { text, values } = pageStatement(schema, query, limit);
    return pageOf((await unnamed(text)(values)).map(decodeExecution), limit);
  };
}

/** One row beyond the page tells whether there is another page. */
function pageOf(executions: readonly Execution[], limit: number) {
  const page = executions.slice(0, limit);
  const last = page.at(-1);
  return { executions: page, ...(last && executions.length > limit ? { nextCursor: encodeCursor(last) } : {}) };
}

function pageStatement(schema: string, query: HistoryQuery, limit: number) {
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  const values = [
    timestamp(after?.createdAt ?? null),
    after?.id ?? null,
    timestamp(query.createdFrom ?? null),
    timestamp(query.createdBefore ?? null),
    limit + 1,
  ];
  const parameter = (value: unknown): string => `$${values.push(value as never)}`;
  const keys = isByStatusOnly(query)
    ? newestOfEachStatus(schema, parameter(query.status))
    : newestOfAllTerms(schema, query, parameter);
  const text = `select row_to_json(e)::text as execution,
            (select json_agg(l)::text from ${schema}.lines l where l.execution_id = e.id) as lines
       from (${keys}) as page
       join ${schema}.executions e on e.id = page.id
      order by e.created_at desc, e.id desc
      limit $5`;
  return { text, values };
}

/** The part of an index in which a page lies, given the columns that it is ordered by. */
const rangeOf = (createdAt: string, id: string): string => `
              (${createdAt}, ${id}) < (coalesce($1::text::timestamptz, 'infinity'), coalesce($2, ''))
          and ${createdAt} >= coalesce($3::text::timestamptz, '-infinity')
          and ${createdAt} < coalesce($4::text::timestamptz, 'infinity')
        order by ${createdAt} desc, ${id} desc
        limit $5`;

function isByStatusOnly(query: HistoryQuery): boolean {
  const [term] = wantedTerms(query);
  return query.status !== undefined && query.commitmentId === undefined && term === "";
}

/** Each status is a range of its own. */
const newestOfEachStatus = (schema: string, statuses: string): string => `
       select newest.id
         from unnest(${statuses}::text[]) as wanted (status), lateral (
       select e.id from ${schema}.executions e where e.status = wanted.status and ${rangeOf("e.created_at", "e.id")}
         ) as newest`;

/** The range of the first term, with the rows that have the others as well. */
function newestOfAllTerms(schema: string, query: HistoryQuery, parameter: (value: unknown) => string): string {
  const [first, ...others] = wantedTerms(query).map(parameter);
  const also = others.map(
    (term, at) => `
         join ${schema}.history_terms t${at}
           on t${at}.term = ${term} and (t${at}.created_at, t${at}.execution_id) = (t.created_at, t.execution_id)`,
  );
  const status =
    query.status &&
    `
         join ${schema}.executions s on s.id = t.execution_id and s.status = any (${parameter(query.status)}::text[])`;
  const commitment =
    query.commitmentId &&
    `
              t.execution_id in (
              select execution_id from ${schema}.commitments where commitment_id = ${parameter(query.commitmentId)}) and`;
  return `
       select t.execution_id as id
         from ${schema}.history_terms t${also.join("")}${status ?? ""}
        where t.term = ${first} and ${commitment ?? ""}${rangeOf("t.created_at", "t.execution_id")}`;
}
