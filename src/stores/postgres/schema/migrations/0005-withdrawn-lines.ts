import type { Migration } from "../../../schema/migration.js";

/**
 * Adds what a person said about a line, the bounds under which its requests were sent, and the time from which an
 * approval counts.
 *
 * An approval that was stored before counts from this migration on, or from its due time if that is later. Only the
 * audit trail has the time at which it was given. A last error gets the time of its line's last change, because it has
 * existed since then at the latest.
 *
 * Older versions would overlook that a person withdrew a line, and send it again. Their statements that write a line or
 * move a status name a column that is renamed here, so they fail.
 */
export const withdrawnLines: Migration = {
  number: 5,
  name: "withdrawn-lines",
  sql: `
alter table executions add column approved_at timestamptz(3);
update executions
   set approved_at = greatest(date_trunc('milliseconds', clock_timestamp()), case when status = 'scheduled' then wake_at end)
 where approved_by is not null;
alter table executions add constraint executions_approval check ((approved_by is null) = (approved_at is null));

alter table executions rename column last_sign_of_life_at to last_active_at;
alter table lines rename column trouble to last_error;
-- How many requests may have left since unproved_since.
alter table lines add column unproved_requests integer not null default 0
  constraint lines_unproved_requests check (unproved_requests >= 0);
-- The contract of the provider that sent them.
alter table lines add column sent_under jsonb;
alter table lines add column withdrawn jsonb;
alter table lines add column said_absent jsonb;
update lines
   set unproved_requests = case when unproved_since is null then 0 else 1 end,
       last_error = last_error || jsonb_build_object('since', (extract(epoch from changed_at) * 1000)::bigint)
 where unproved_since is not null or last_error is not null;

update events set kind = 'attempt_failed' where kind = 'troubled';
`,
};
