import type { Migration } from "../../../schema/migration.js";

/**
 * Adds what the guards of a purchase judge: what each line covers, who took a need lately, what is frozen, and what limits
 * have counted.
 *
 * A guard row is locked by the statement that judges it, so that its content is never older than the judgement. Rows of
 * needs are made by the first approval that takes them. Lines that were stored before have no need, so nothing watches
 * over them. The limits in force are the content of the row `limits`. Without that row nothing is approved.
 *
 * What a line holds of limits stands in the line, because a statement that locks the line reads it as it is. A row of its own
 * could be too new for the statement's snapshot.
 *
 * Decision tokens have a table of their own: the statement that decides locks the row of its token before the execution.
 *
 * Executions that were approved before have an empty list of approvers. Their approver stands in `approved_by`.
 *
 * Older versions would approve past the guards and send in a frozen scope. Their statements that approve, and that write
 * a line, name a column that is renamed here, so they fail.
 */
export const guards: Migration = {
  number: 7,
  name: "guards",
  sql: `
alter table executions rename column approved_at to approval_from;
alter table executions add column plan_skip text;
alter table executions add column approvals_needed integer not null default 1
  constraint executions_approvals check (approvals_needed > 0);
alter table executions add column approvers jsonb not null default '[]';
create index executions_plan_step on executions (plan_id, plan_step) where plan_step is not null;
alter table lines add column need jsonb;
alter table lines add column need_key text collate "C" generated always as (need ->> 'key') stored;
alter table lines add column hold jsonb;
alter table lines add column price_drift jsonb;
create index lines_in_doubt on lines (cloud, account, submitted_at) where state = 'in_doubt';
create index lines_bought on lines (changed_at) where state = 'committed' and need_key is not null;
create index lines_need on lines (need_key, state, changed_at) where need_key is not null;

create table guards (
  key text collate "C" primary key,
  content jsonb not null
);
insert into guards (key, content) values ('freezes', '[]'), ('limits', '{"fingerprint": null, "limits": []}');

create table freezes (
  id text collate "C" primary key,
  scope jsonb not null,
  frozen_by text not null,
  reason text not null,
  frozen_at timestamptz(3) not null,
  lifted_by text,
  lift_reason text,
  lifted_at timestamptz(3),
  constraint freezes_lifted check ((lifted_by is null) = (lifted_at is null))
);

create table limit_changes (
  number integer primary key,
  fingerprint text not null,
  limits jsonb not null,
  changed_by text not null,
  reason text not null,
  changed_at timestamptz(3) not null
);

create table limit_counters (
  count_key text collate "C",
  period text collate "C",
  used numeric not null,
  held numeric not null,
  overrun numeric not null,
  primary key (count_key, period)
);

create table decision_tokens (
  hash text collate "C" primary key,
  execution_id text collate "C" not null references executions (id),
  verb text collate "C" not null,
  recipient text not null,
  content_fingerprint text not null,
  issued_by text not null,
  issued_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  used_at timestamptz(3),
  revoked_at timestamptz(3),
  constraint decision_tokens_hash check (hash ~ '^[0-9a-f]{64}$'),
  constraint decision_tokens_end check (used_at is null or revoked_at is null)
);
create index decision_tokens_execution on decision_tokens (execution_id);
`,
};
