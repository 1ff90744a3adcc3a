import type { Migration } from "../../../schema/migration.js";

/**
 * Adds the recommendations of the clouds, and who collects them.
 *
 * The row of a scope is the mark of its run. Every write of a run locks it, so that a run which lost its mark changes
 * nothing. `position` orders as the recommendations are listed.
 */
export const recommendations: Migration = {
  number: 8,
  name: "recommendations",
  compatibleFrom: 7,
  sql: `
create table collections (
  scope text collate "C" primary key,
  owner text,
  started_at timestamptz(3),
  expires_at timestamptz(3),
  last_collected_at timestamptz(3),
  last_finished_at timestamptz(3),
  constraint collections_mark check (
    (owner is null) = (started_at is null) and (owner is null) = (expires_at is null))
);

create table recommendations (
  scope text collate "C" not null references collections,
  key text collate "C" not null,
  position text collate "C" not null,
  source text collate "C" not null,
  asked_account text collate "C" not null,
  account text collate "C" not null,
  service text collate "C" not null,
  content json not null,
  put_by text not null,
  collected_at timestamptz(3) not null,
  primary key (scope, key)
);
create index recommendations_position on recommendations (scope, position);
create index recommendations_account on recommendations (scope, account, position);
create index recommendations_service on recommendations (scope, service, position);
create index recommendations_sweep on recommendations (scope, source, asked_account);

create table recommendation_sources (
  scope text collate "C" not null references collections,
  source text collate "C" not null,
  succeeded_at timestamptz(3),
  error jsonb,
  primary key (scope, source)
);
`,
};
