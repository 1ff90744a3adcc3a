import type { Execution } from "../../../domain/execution.js";
import { checkHistoryQuery } from "../../../store-port/check-history-query.js";
import type { ExecutionStore, HistoryQuery } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { decodeExecution, wholeExecution } from "./execution-row.js";
import { decodeCursor, encodeCursor } from "./history-cursor.js";
import { wantedTerms } from "./history-terms.js";
import { timestamp } from "./timestamp.js";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/**
 * Pages through executions, newest first. Each page starts below the last row of the page before, by key.
 *
 * A statement holds only the filters of its query. So each filter is a range of an index in the order of the page, and
 * the server plans the statement by its statistics of the values.
 */
export function executionHistory({ schema, unnamed }: Database): ExecutionStore["history"] {
  return async (query) => {
    checkHistoryQuery(query);
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

/** Makes a value a parameter of the statement, and returns its name in the text. */
type Parameter = (value: unknown) => string;

function pageStatement(schema: string, query: HistoryQuery, limit: number) {
  const values: unknown[] = [];
  const parameter: Parameter = (value) => `$${values.push(value)}`;
  const range = rangeOf(query, limit, parameter);
  const text = `select ${wholeExecution(schema)}
       from (${keysOf(schema, query, range, parameter)}) as page
       join ${schema}.executions e on e.id = page.id
      order by e.created_at desc, e.id desc
      limit ${parameter(limit + 1)}`;
  return { text, values };
}

/** SQL for the part of an index in which a page lies, by the columns that order the page. */
type Range = (createdAt: string, id: string) => string;

/**
 * The range of a page. It has only one upper bound: with two, the server would begin at one and pass over all rows up
 * to the other.
 */
function rangeOf({ cursor, createdFrom, createdBefore }: HistoryQuery, limit: number, parameter: Parameter): Range {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const before = createdBefore ?? Number.POSITIVE_INFINITY;
  const from = createdFrom === undefined ? undefined : parameter(timestamp(createdFrom));
  const above = after && after.createdAt < before ? [parameter(timestamp(after.createdAt)), parameter(after.id)] : [];
  const below = above.length === 0 && createdBefore !== undefined ? parameter(timestamp(createdBefore)) : undefined;
  const size = parameter(limit + 1);
  return (createdAt, id) => `true
          ${above.length > 0 ? `and (${createdAt}, ${id}) < (${above[0]}::text::timestamptz, ${above[1]}::text)` : ""}
          ${below === undefined ? "" : `and ${createdAt} < ${below}::text::timestamptz`}
          ${from === undefined ? "" : `and ${createdAt} >= ${from}::text::timestamptz`}
        order by ${createdAt} desc, ${id} desc
        limit ${size}`;
}

function keysOf(schema: string, query: HistoryQuery, range: Range, parameter: Parameter): string {
  const terms = wantedTerms(query);
  if (query.commitmentId !== undefined) return keysOfCommitment(schema, query, range, parameter);
  if (query.status !== undefined && terms.length === 0)
    return newestOfEachStatus(schema, [...new Set(query.status)], range, parameter);
  const [first = "", ...others] = terms;
  return `
       select k.execution_id as id
         from ${schema}.history_terms k${havingTerms(schema, others, parameter)}${havingStatus(schema, query, parameter)}
        where k.term = ${parameter(first)} and ${range("k.created_at", "k.execution_id")}`;
}

/** The newest executions of each status, because each status is a range of its own. */
const newestOfEachStatus = (
  schema: string,
  statuses: readonly string[],
  range: Range,
  parameter: Parameter,
): string => `
       select newest.id
         from unnest(${parameter(statuses)}::text[]) as wanted (status), lateral (
       select e.id from ${schema}.executions e where e.status = wanted.status and ${range("e.created_at", "e.id")}
         ) as newest`;

/** The executions with a commitment id. Few executions share one, so they are all read. */
const keysOfCommitment = (schema: string, query: HistoryQuery, range: Range, parameter: Parameter): string => `
       select k.execution_id as id
         from (
       select distinct e.id as execution_id, e.created_at
         from ${schema}.commitments c
         join ${schema}.executions e on e.id = c.execution_id
        where c.commitment_id = ${parameter(query.commitmentId)}
         ) as k${havingTerms(schema, wantedTerms(query), parameter)}${havingStatus(schema, query, parameter)}
        where ${range("k.created_at", "k.execution_id")}`;

const havingTerms = (schema: string, terms: readonly string[], parameter: Parameter): string =>
  terms
    .map(
      (term, at) => `
         join ${schema}.history_terms t${at}
           on t${at}.term = ${parameter(term)} and (t${at}.created_at, t${at}.execution_id) = (k.created_at, k.execution_id)`,
    )
    .join("");

const havingStatus = (schema: string, { status }: HistoryQuery, parameter: Parameter): string =>
  status === undefined
    ? ""
    : `
         join ${schema}.executions s on s.id = k.execution_id and s.status = any (${parameter(status)}::text[])`;
