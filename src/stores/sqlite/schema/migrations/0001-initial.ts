import type { Migration } from "../../../schema/migration.js";

/**
 * Makes all tables. Their names have a prefix, because a file has no schemas and may have tables of the application.
 *
 * Times are milliseconds since 1970, amounts of money are exact decimals as text, and objects are JSON text. Text compares by
 * bytes. What lines are found by stands in columns of its own, so that every sweep is a range of an index.
 */
export const initial: Migration = {
  number: 1,
  name: "initial",
  sql: `
create table buyonce_executions (
  -- The order of creation, which decides between equal times.
  number integer primary key,
  id text not null unique,
  request_key text not null unique,
  content_fingerprint text not null,
  lineage_key text not null,
  status text not null constraint executions_status check (status in (
    'pending', 'notified', 'scheduled', 'paused', 'approved', 'running', 'in_doubt',
    'completed', 'partially_completed', 'failed', 'canceled', 'expired')),
  version integer not null constraint executions_version check (version > 0),
  fence integer not null constraint executions_fence check (fence >= 0),
  lease_owner text,
  lease_expires_at integer,
  source text,
  plan_id text,
  plan_step integer constraint executions_plan_step check (plan_step >= 0),
  plan_skip text,
  created_by text not null,
  created_at integer not null,
  updated_at integer not null,
  status_changed_at integer not null,
  -- Status change, claim or lease renewal: what the reaper goes by.
  last_active_at integer not null,
  approved_by text,
  -- The time from which the approval counts.
  approved_at integer,
  approvals_needed integer not null constraint executions_approvals check (approvals_needed > 0),
  approvers text not null,
  expires_at integer,
  wake_at integer,
  reason text,
  retry_of text references buyonce_executions (id) deferrable initially deferred,
  successor_id text references buyonce_executions (id) deferrable initially deferred,
  -- When tick has work for it; null for never.
  due_at integer,
  constraint executions_lease check ((lease_owner is null) = (lease_expires_at is null)),
  constraint executions_approval check ((approved_by is null) = (approved_at is null)),
  constraint executions_plan check (plan_step is null or plan_id is not null)
) strict;
create unique index buyonce_executions_open_lineage on buyonce_executions (lineage_key)
  where status in ('pending', 'notified', 'scheduled', 'paused', 'approved', 'running', 'in_doubt');
create unique index buyonce_executions_retry_of on buyonce_executions (retry_of) where retry_of is not null;
create index buyonce_executions_successor on buyonce_executions (successor_id) where successor_id is not null;
create index buyonce_executions_lineage on buyonce_executions (lineage_key);
create index buyonce_executions_due on buyonce_executions (due_at) where due_at is not null;
create index buyonce_executions_fresh on buyonce_executions (due_at) where due_at is not null and wake_at is null;
create index buyonce_executions_stuck on buyonce_executions (last_active_at) where status in ('approved', 'running');
create index buyonce_executions_by_status on buyonce_executions (status, created_at, id);
create index buyonce_executions_plan_step on buyonce_executions (plan_id, plan_step) where plan_step is not null;

create table buyonce_lines (
  number integer primary key,
  execution_id text not null references buyonce_executions (id),
  line_index integer not null constraint lines_index check (line_index >= 0),
  lineage_key text not null,
  fingerprint text not null,
  request text not null,
  cloud text not null,
  service text not null,
  account text not null,
  need text,
  need_key text,
  state text not null constraint lines_state check (state in (
    'planned', 'submitting', 'in_doubt', 'committed', 'rejected', 'skipped')),
  attempt integer not null constraint lines_attempt check (attempt >= 0),
  submitted_at integer,
  unproved_since integer,
  unproved_requests integer not null constraint lines_unproved_requests check (unproved_requests >= 0),
  sent_under text,
  prepared text,
  commitment text,
  needs_label integer not null constraint lines_needs_label check (needs_label in (0, 1)),
  rejection text,
  doubt text,
  last_error text,
  withdrawn text,
  said_absent text,
  price_drift text,
  hold text,
  -- The lane that the line holds, and the one that it waits for.
  lane text,
  waits_for text,
  waits_since integer,
  bought_at integer,
  changed_at integer not null,
  unique (execution_id, line_index)
) strict;
create unique index buyonce_lines_lineage on buyonce_lines (lineage_key, line_index)
  where state in ('submitting', 'in_doubt', 'committed');
create unique index buyonce_lines_lane on buyonce_lines (lane) where lane is not null;
create index buyonce_lines_unlabeled on buyonce_lines (changed_at, execution_id, line_index)
  where needs_label = 1 and state = 'committed';
create index buyonce_lines_in_doubt on buyonce_lines (cloud, account, submitted_at) where state = 'in_doubt';
create index buyonce_lines_waiting on buyonce_lines (waits_for, waits_since) where waits_for is not null;
create index buyonce_lines_need on buyonce_lines (need_key, state, bought_at) where need_key is not null;
create index buyonce_lines_bought on buyonce_lines (bought_at) where state = 'committed' and need_key is not null;

create table buyonce_commitments (
  cloud text not null,
  account text not null,
  commitment_id text not null,
  execution_id text not null,
  line_index integer not null,
  by_person integer not null constraint commitments_by_person check (by_person in (0, 1)),
  primary key (cloud, account, commitment_id),
  foreign key (execution_id, line_index) references buyonce_lines (execution_id, line_index)
) strict, without rowid;
create index buyonce_commitments_id on buyonce_commitments (commitment_id);
create index buyonce_commitments_of_line on buyonce_commitments (execution_id, line_index);

-- The position is the order of the feed: one writer at a time writes, and each event gets the next position. If the last
-- event is removed, a row without an execution takes its place, so that no position is ever given twice.
create table buyonce_events (
  position integer primary key,
  execution_id text not null,
  version integer not null,
  at integer not null,
  status text not null,
  kind text not null,
  actor text not null,
  reason text,
  line_index integer,
  data text,
  unique (execution_id, version)
) strict;

create table buyonce_feed_cursors (
  consumer text primary key,
  cursor text not null
) strict, without rowid;

-- The terms by which history is searched; the empty term stands for all executions.
create table buyonce_history_terms (
  term text not null,
  created_at integer not null,
  execution_id text not null,
  primary key (term, created_at, execution_id)
) strict, without rowid;

create table buyonce_freezes (
  number integer primary key,
  id text not null unique,
  scope text not null,
  frozen_by text not null,
  reason text not null,
  frozen_at integer not null,
  lifted_by text,
  lift_reason text,
  lifted_at integer,
  constraint freezes_lifted check ((lifted_by is null) = (lifted_at is null))
) strict;
create index buyonce_freezes_active on buyonce_freezes (frozen_at) where lifted_at is null;
create index buyonce_freezes_lifted on buyonce_freezes (lifted_at) where lifted_at is not null;

create table buyonce_limit_changes (
  number integer primary key,
  fingerprint text not null,
  limits text not null,
  changed_by text not null,
  reason text not null,
  changed_at integer not null
) strict;

create table buyonce_limit_counters (
  key text primary key,
  used text not null,
  held text not null,
  overrun text not null
) strict, without rowid;

create table buyonce_decision_tokens (
  hash text primary key,
  execution_id text not null references buyonce_executions (id),
  verb text not null,
  recipient text not null,
  content_fingerprint text not null,
  issued_by text not null,
  issued_at integer not null,
  expires_at integer not null,
  used_at integer,
  revoked_at integer,
  constraint decision_tokens_end check (used_at is null or revoked_at is null)
) strict, without rowid;
create index buyonce_decision_tokens_execution on buyonce_decision_tokens (execution_id);

create table buyonce_collections (
  scope text primary key,
  owner text,
  started_at integer,
  expires_at integer,
  last_collected_at integer,
  last_finished_at integer,
  constraint collections_mark check ((owner is null) = (started_at is null) and (owner is null) = (expires_at is null))
) strict, without rowid;

create table buyonce_recommendations (
  scope text not null references buyonce_collections (scope),
  key text not null,
  position text not null,
  source text not null,
  asked_account text not null,
  account text not null,
  service text not null,
  content text not null,
  put_by text not null,
  collected_at integer not null,
  primary key (scope, key)
) strict;
create index buyonce_recommendations_position on buyonce_recommendations (scope, position);
create index buyonce_recommendations_account on buyonce_recommendations (scope, account, position);
create index buyonce_recommendations_service on buyonce_recommendations (scope, service, position);
create index buyonce_recommendations_sweep on buyonce_recommendations (scope, source, asked_account);

create table buyonce_recommendation_sources (
  scope text not null references buyonce_collections (scope),
  source text not null,
  succeeded_at integer,
  error text,
  primary key (scope, source)
) strict, without rowid;
`,
};
