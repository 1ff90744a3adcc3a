import { checkHistoryQuery } from "../../../store-port/check-history-query.js";
import type { HistoryPage, HistoryQuery } from "../../../store-port/execution-store.js";
import { cursorOf, placeOf } from "../../law/history-place.js";
import type { Connection } from "../database/connection.js";
import type { SqliteValue } from "../database/sqlite-database.js";
import { wantedTerms } from "./history-terms.js";
import { withLines } from "./sqlite-records.js";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** A part of a statement, with the values of its places. */
interface Part {
  readonly sql: string;
  readonly values: readonly SqliteValue[];
}

/**
 * Reads a page of history, newest first, below the last execution of the page before.
 *
 * A statement holds only the filters of its query. So each filter is a range of an index in the order of the page.
 */
export function readHistory(connection: Connection, query: HistoryQuery): HistoryPage {
  checkHistoryQuery(query);
  const limit = Math.min(query.limit ?? DEFAULT_LIMIT, MAX_LIMIT);
  const keys = keysOf(query, limit + 1);
  // One row beyond the page tells whether there is another page.
  const rows = connection.all(
    `select e.*
       from (${keys.sql}) page
      cross join buyonce_executions e on e.id = page.execution_id
      order by e.created_at desc, e.id desc
      limit ?`,
    ...keys.values,
    limit + 1,
  );
  const executions = rows.slice(0, limit).map((row) => withLines(connection, row));
  const last = executions.at(-1);
  return { executions, ...(last && rows.length > limit ? { nextCursor: cursorOf(last) } : {}) };
}

function keysOf(query: HistoryQuery, size: number): Part {
  const terms = wantedTerms(query);
  if (query.commitmentId !== undefined) return keysOfCommitment(query, query.commitmentId, size);
  if (query.status !== undefined && terms.length === 0) return newestOfEachStatus(query, query.status, size);
  const [first = "", ...others] = terms;
  const having = havingOf(query, others);
  const range = rangeOf(query, { createdAt: "k.created_at", id: "k.execution_id" }, size);
  return {
    sql: `select k.execution_id from buyonce_history_terms k${having.sql} where k.term = ? and ${range.sql}`,
    values: [...having.values, first, ...range.values],
  };
}

/** The newest executions of each status, because each status is a range of its own. */
function newestOfEachStatus(query: HistoryQuery, statuses: readonly string[], size: number): Part {
  const range = rangeOf(query, { createdAt: "created_at", id: "id" }, size);
  const one = `select * from (select id as execution_id from buyonce_executions where status = ? and ${range.sql})`;
  const wanted = [...new Set(statuses)];
  if (wanted.length === 0) return { sql: "select null as execution_id where false", values: [] };
  return {
    sql: wanted.map(() => one).join(" union all "),
    values: wanted.flatMap((status) => [status, ...range.values]),
  };
}

/** The executions with a commitment id. Few executions share one, so they are all read. */
function keysOfCommitment(query: HistoryQuery, commitmentId: string, size: number): Part {
  const having = havingOf(query, wantedTerms(query));
  const range = rangeOf(query, { createdAt: "k.created_at", id: "k.execution_id" }, size);
  return {
    sql: `select k.execution_id
            from (select distinct e.id as execution_id, e.created_at
                    from buyonce_commitments c
                   cross join buyonce_executions e on e.id = c.execution_id
                   where c.commitment_id = ?) k${having.sql}
           where ${range.sql}`,
    values: [commitmentId, ...having.values, ...range.values],
  };
}

/** Joins that leave only the executions with all these terms and a wanted status. */
function havingOf({ status }: HistoryQuery, terms: readonly string[]): Part {
  const joins = terms.map(
    (_, at) =>
      ` cross join buyonce_history_terms t${at} on t${at}.term = ? and t${at}.created_at = k.created_at and t${at}.execution_id = k.execution_id`,
  );
  const ofStatus =
    " cross join buyonce_executions s on s.id = k.execution_id and s.status in (select value from json_each(?))";
  return {
    sql: joins.join("") + (status === undefined ? "" : ofStatus),
    values: [...terms, ...(status === undefined ? [] : [JSON.stringify(status)])],
  };
}

/**
 * The range of an index in which a page lies. It has only one upper bound: with two, SQLite would begin at one and pass
 * over all rows up to the other.
 */
function rangeOf(
  { cursor, createdFrom, createdBefore }: HistoryQuery,
  { createdAt, id }: { readonly createdAt: string; readonly id: string },
  size: number,
): Part {
  const after = cursor === undefined ? undefined : placeOf(cursor).execution;
  const isAfter = after !== undefined && after.createdAt < (createdBefore ?? Number.POSITIVE_INFINITY);
  const bounds: readonly Part[] = [
    ...(isAfter ? [{ sql: ` and (${createdAt}, ${id}) < (?, ?)`, values: [after.createdAt, after.id] }] : []),
    ...(!isAfter && createdBefore !== undefined ? [{ sql: ` and ${createdAt} < ?`, values: [createdBefore] }] : []),
    ...(createdFrom === undefined ? [] : [{ sql: ` and ${createdAt} >= ?`, values: [createdFrom] }]),
  ];
  return {
    sql: `true${bounds.map(({ sql }) => sql).join("")} order by ${createdAt} desc, ${id} desc limit ?`,
    values: [...bounds.flatMap(({ values }) => values), size],
  };
}
