import type { ExecutionStore } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { historyTerms } from "./history-terms.js";
import { jsonText } from "./json-text.js";
import { timestamp } from "./timestamp.js";

/**
 * Deletes executions with everything that belongs to them, all or none, in one statement.
 *
 * Tokens are locked before executions, as in every decision by token. Each execution is locked in the version at which it was read. A lineage is a chain. So the named executions are whole
 * lineages if all their predecessors and successors are named too.
 */
export function removeExecutions({ schema, statement }: Database): ExecutionStore["remove"] {
  const run = statement(
    "remove",
    `with wanted as (
       select distinct id, version from jsonb_to_recordset($1::text::jsonb) as w (id text, version bigint)
     ), tokens_locked as materialized (
       select from ${schema}.decision_tokens t where t.execution_id in (select id from wanted) order by t.hash for update
     ), locked as (
       select e.*
         from wanted w
         join ${schema}.executions e on e.id = w.id and e.version = w.version
        where (select count(*) from tokens_locked) >= 0
        order by e.id
          for update of e
     ), allowed as (
       select from locked
       having count(*) = (select count(*) from wanted)
          and bool_and(retry_of is null or retry_of in (select id from wanted))
          and bool_and(successor_id is null or successor_id in (select id from wanted))
          and clock_timestamp() >= $2::text::timestamptz
     ), doomed as (
       select locked.* from locked, allowed
     ), doomed_lines as (
       select l.* from ${schema}.lines l join doomed d on d.id = l.execution_id
     ), keys as (
       delete from ${schema}.request_keys k using doomed d where k.request_key = d.request_key
     ), terms as (
       delete from ${schema}.history_terms t
        using (${historyTerms({ executions: "doomed", lines: "doomed_lines" })}) as gone
        where (t.term, t.created_at, t.execution_id) = (gone.term, gone.created_at, gone.execution_id)
     ), commitments as (
       delete from ${schema}.commitments c using doomed_lines d
        where (c.execution_id, c.line_index) = (d.execution_id, d.line_index)
     ), events as (
       delete from ${schema}.events e using doomed d where e.execution_id = d.id
     ), tokens as (
       delete from ${schema}.decision_tokens t using doomed d where t.execution_id = d.id
     ), lines as (
       delete from ${schema}.lines l using doomed d where l.execution_id = d.id
     )
     delete from ${schema}.executions e using doomed d where e.id = d.id returning e.id`,
  );
  return async ({ executions, notBefore }) => {
    const wanted = executions.map(({ executionId, version }) => ({ id: executionId, version }));
    return (await run([jsonText(wanted), timestamp(notBefore)])).length === new Set(wanted.map(({ id }) => id)).size;
  };
}
