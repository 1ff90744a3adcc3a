import type { ExecutionStore } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { countedHolds, ENDED, freedHolds } from "./holds.js";
import { jsonText } from "./json-text.js";
import { IS_STUCK, STUCK_FOR_S } from "./stuck-condition.js";

/**
 * Reaps a batch of stuck executions with their events, in one statement.
 *
 * The rows are locked first. Rows that another call has locked are passed over. Their lines are those of the
 * statement's snapshot. So an execution that changed between the snapshot and the lock is left alone: its new version
 * is at a place where the snapshot sees no row. The rows are written in the order of their ids, because the pages of
 * the indices are then visited one after the other. Planned lines of executions that end release what they hold of limits.
 */
export function reapStuck({ schema, unnamed }: Database): NonNullable<ExecutionStore["reap"]> {
  // The server plans each sweep, because a hundred of a million executions need other joins than a hundred thousand at
  // once.
  const run = unnamed(
    `with picked as (
       select e.id, e.ctid as place, e.status, ${STUCK_FOR_S} as stuck_for_s
         from ${schema}.executions e
        where ${IS_STUCK}
          and ($5::text is null or e.last_active_at >= $5::text::timestamptz)
        order by e.last_active_at
        limit $2
          for update skip locked
     ), proved as materialized (
       select p.*,
              case when bool_or(l.state in ('submitting', 'in_doubt')) then 'unsettled'
                   when bool_and(l.state = 'skipped') then 'all_skipped'
                   when count(*) filter (where l.state = 'committed') = 0 then 'none_committed'
                   when bool_and(l.state in ('committed', 'skipped')) then 'all_committed'
                   else 'some_committed' end as proof,
              bool_or(l.hold is not null) as has_holds
         from picked p
         join ${schema}.lines l on l.execution_id = p.id
        group by p.id, p.place, p.status, p.stuck_for_s
        order by p.id
     ), judged as (
       select p.*, v."to", v.because
         from proved p
         join jsonb_to_recordset($3::text::jsonb) as v ("from" text, proof text, "to" text, because text)
           on (v."from", v.proof) = (p.status, p.proof)
     ), moved as (
       update ${schema}.executions e
          set status = j."to",
              version = e.version + 1,
              updated_at = greatest(e.updated_at, clock.now),
              status_changed_at = greatest(e.updated_at, clock.now),
              last_active_at = greatest(e.updated_at, clock.now),
              lease_owner = null,
              lease_expires_at = null,
              wake_at = null,
              reason = 'Stuck in ' || j.status || ' for ' || round(j.stuck_for_s) || ' s; ' || j.because
         from judged j, (select date_trunc('milliseconds', statement_timestamp()) as now) as clock
        where e.ctid = j.place
       returning e.id, e.version, e.updated_at, e.status, e.reason, j.has_holds
     ), ${freedHolds(schema, `select id, version from moved where has_holds and status in ${ENDED}`)},
     ${countedHolds(schema, "select hold from freed where hold is not null")},
     logged as (
       insert into ${schema}.events (execution_id, version, at, status, kind, actor, reason)
       select id, version, updated_at, status, 'reaped', $4, reason from moved
     )
     select (select count(*) from picked)::text as found, (select count(*) from moved)::text as reaped`,
  );
  // The bound is read before, because the server plans a range by its bound. It may count rows that are not stuck, but
  // it is only a hint.
  const dividing = unnamed(
    `select to_json(last_active_at) #>> '{}' as at
       from ${schema}.executions
      where status in ('approved', 'running')
      order by last_active_at
     offset $1
      limit 1`,
  );
  return async ({ olderThanMs, limit, actor, verdicts, passOver = 0 }) => {
    const [from] = passOver === 0 ? [{ at: null }] : await dividing([passOver]);
    if (from === undefined) return { found: 0, reaped: 0 };
    const [row] = await run([olderThanMs, limit, jsonText(verdicts), actor, from["at"]]);
    return { found: Number(row?.["found"]), reaped: Number(row?.["reaped"]) };
  };
}
