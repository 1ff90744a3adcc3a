import type { ClaimedExecution, ExecutionStore } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { encodeEvent } from "./encode-event.js";
import { decodeExecution } from "./execution-row.js";
import { linesOfMoved } from "./lines-of-moved.js";

/**
 * Claims a batch of due executions with their events, in one statement.
 *
 * The rows are locked first, and rows that another worker has locked are passed over. So workers that claim at the same
 * time get different rows. A row that changed between the snapshot and the lock is judged and claimed as it is now. If it
 * took up room and were left out, there would seem to be no more work. Fresh executions have an index of their own, so
 * they are found at once, however large the backlog of executions that have slept.
 */
export function claimDue({ schema, statement }: Database): ExecutionStore["claimDue"] {
  const run = statement(
    "claim_due",
    `with fresh as (
       select id, status
         from ${schema}.executions
        where wake_at is null
          and due_at <= statement_timestamp() and status = any ($1::text[]) and id <> all ($2::text[])
        order by due_at, id
        limit case when $11::boolean then $3::bigint else 0 end
          for update skip locked
     ), others as (
       select id, status
         from ${schema}.executions
        where due_at <= statement_timestamp() and status = any ($1::text[]) and id <> all ($2::text[])
          and id <> all (array(select id from fresh))
        order by due_at, id
        limit $3::bigint - (select count(*) from fresh)
          for update skip locked
     ), picked as (
       select * from fresh
       union all
       select * from others
     ), moved as (
       update ${schema}.executions e
          set status = 'running',
              version = e.version + 1,
              fence = e.fence + 1,
              lease_owner = $4,
              lease_expires_at = greatest(e.updated_at, clock.now) + $5::float8 * interval '1 millisecond',
              updated_at = greatest(e.updated_at, clock.now),
              status_changed_at =
                case when e.status <> 'running' then greatest(e.updated_at, clock.now) else e.status_changed_at end,
              last_active_at = greatest(e.updated_at, clock.now),
              wake_at = null
         from picked p, (select date_trunc('milliseconds', statement_timestamp()) as now) as clock
        where e.id = p.id
       returning e.*
     ), logged as (
       insert into ${schema}.events (execution_id, version, at, status, kind, actor, reason, line_index, data)
       select id, version, updated_at, status, $6, $7, $8, $9::integer, $10::text::jsonb from moved
     )
     select row_to_json(moved)::text as execution,
            ${linesOfMoved(schema, "moved.id")} as lines,
            (select p.status from picked p where p.id = moved.id) as moved_from
       from moved`,
  );
  return async ({ from, except, limit, freshFirst, owner, durationMs, event }) =>
    (await run([from, except, limit, owner, durationMs, ...encodeEvent(event), freshFirst])).map((row) => ({
      execution: decodeExecution(row),
      from: String(row["moved_from"]) as ClaimedExecution["from"],
    }));
}
