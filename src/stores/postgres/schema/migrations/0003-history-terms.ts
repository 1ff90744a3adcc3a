import type { Migration } from "../../../schema/migration.js";

/**
 * Adds the terms by which history is searched, in an order in which pages can be read for every search.
 *
 * The terms of an execution never change, so they cost nothing while it is worked on. The index by time is dropped from
 * `executions`, because every change there would write it again. Older versions would create executions without terms.
 */
export const historyTerms: Migration = {
  number: 3,
  name: "history-terms",
  sql: `
alter table executions add column plan_id text collate "C";
alter table executions add column plan_step integer constraint executions_plan_step check (plan_step >= 0);
alter table executions add constraint executions_plan check (plan_step is null or plan_id is not null);

drop index executions_history;
create index executions_by_status on executions (status, created_at, id);

-- The empty term stands for all executions. Without a foreign key, as events.
create table history_terms (
  term text collate "C" not null,
  created_at timestamptz(3) not null,
  execution_id text collate "C" not null,
  primary key (term, created_at, execution_id)
);

insert into history_terms (term, created_at, execution_id)
select '', created_at, id from executions
 union
select 'creator/' || created_by, created_at, id from executions
 union
select 'source/' || source, created_at, id from executions where source is not null
 union
select unnest(array['account/' || l.account, 'provider/' || l.cloud, 'provider/' || l.service]), e.created_at, e.id
  from lines l
  join executions e on e.id = l.execution_id;
`,
};
