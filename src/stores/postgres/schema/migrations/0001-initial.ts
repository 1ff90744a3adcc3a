import type { Migration } from "../../../schema/migration.js";

/**
 * Makes the tables of executions, their lines, their commitments and their audit trail.
 *
 * Times have millisecond precision, so that JavaScript can hold them unchanged. Keys compare by bytes (collation "C"),
 * so that their order is the same in every database.
 */
export const initial: Migration = {
  number: 1,
  name: "initial",
  sql: `
create table executions (
  id text collate "C" primary key,
  request_key text collate "C" not null constraint executions_request_key unique,
  content_fingerprint text not null,
  lineage_key text collate "C" not null,
  status text collate "C" not null constraint executions_status check (status in (
    'pending', 'notified', 'scheduled', 'paused', 'approved', 'running', 'in_doubt',
    'completed', 'partially_completed', 'failed', 'canceled', 'expired')),
  version bigint not null constraint executions_version check (version > 0),
  fence bigint not null constraint executions_fence check (fence >= 0),
  lease_owner text,
  lease_expires_at timestamptz(3),
  source text collate "C",
  created_by text collate "C" not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  status_changed_at timestamptz(3) not null,
  -- Status change, claim or lease renewal: what the reaper goes by.
  last_sign_of_life_at timestamptz(3) not null,
  approved_by text,
  expires_at timestamptz(3),
  wake_at timestamptz(3),
  reason text,
  retry_of text collate "C" references executions,
  successor_id text collate "C" references executions,
  -- When tick has work for it, so that a sweep is one probe of an index; null for never.
  due_at timestamptz(3) generated always as (case
    when status in ('pending', 'notified') then expires_at
    when status = 'scheduled' then wake_at
    when status in ('approved', 'in_doubt') then greatest(wake_at, updated_at)
    when status = 'running' then greatest(wake_at, lease_expires_at, updated_at)
  end) stored,
  constraint executions_lease check ((lease_owner is null) = (lease_expires_at is null))
);

create unique index executions_open_lineage on executions (lineage_key)
  where status in ('pending', 'notified', 'scheduled', 'paused', 'approved', 'running', 'in_doubt');
create unique index executions_retry_of on executions (retry_of) where retry_of is not null;
create index executions_due on executions (due_at) where due_at is not null;
create index executions_stuck on executions (last_sign_of_life_at) where status in ('approved', 'running');
create index executions_history on executions (created_at, id);

create table lines (
  execution_id text collate "C" not null references executions,
  line_index integer not null constraint lines_index check (line_index >= 0),
  lineage_key text collate "C" not null,
  fingerprint text not null,
  request jsonb not null,
  service text collate "C" not null generated always as (request ->> 'service') stored,
  -- Where commitment ids are unique; a custom service is a cloud of its own.
  cloud text collate "C" not null generated always as (case
    when request ->> 'service' like 'custom.%' then request ->> 'service'
    else split_part(request ->> 'service', '.', 1)
  end) stored,
  account text collate "C" not null generated always as (request ->> 'account') stored,
  state text collate "C" not null constraint lines_state check (state in (
    'planned', 'submitting', 'in_doubt', 'committed', 'rejected', 'skipped')),
  attempt integer not null constraint lines_attempt check (attempt >= 0),
  submitted_at timestamptz(3),
  unproved_since timestamptz(3),
  prepared jsonb,
  lane text collate "C" generated always as (prepared ->> 'lane') stored,
  commitment jsonb,
  needs_label boolean not null,
  rejection jsonb,
  doubt jsonb,
  trouble jsonb,
  changed_at timestamptz(3) not null,
  primary key (execution_id, line_index)
);

create unique index lines_lineage on lines (lineage_key, line_index)
  where state in ('submitting', 'in_doubt', 'committed');
create unique index lines_lane on lines (lane)
  where state in ('submitting', 'in_doubt') and lane is not null;
create index lines_unlabeled on lines (changed_at) where state = 'committed' and needs_label;

create table commitments (
  cloud text collate "C" not null,
  account text collate "C" not null,
  commitment_id text collate "C" not null,
  execution_id text collate "C" not null,
  line_index integer not null,
  constraint commitments_claim primary key (cloud, account, commitment_id),
  constraint commitments_line foreign key (execution_id, line_index) references lines
);

create index commitments_id on commitments (commitment_id);

-- One event per version of an execution. Without a foreign key: events are only ever inserted by the statement that
-- writes the execution, and the check would cost each change a second lock on its row.
create table events (
  execution_id text collate "C" not null,
  version bigint not null,
  at timestamptz(3) not null,
  status text collate "C" not null,
  kind text collate "C" not null,
  actor text not null,
  reason text,
  line_index integer,
  data jsonb,
  primary key (execution_id, version)
);
`,
};
