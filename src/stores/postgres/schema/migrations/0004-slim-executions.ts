import type { Migration } from "../../../schema/migration.js";

/**
 * Takes values that never change out of the indices of `executions`, because every change of an execution writes the
 * indices again. The request key gets a table of its own. The index by status leaves the order of rows of one
 * millisecond to the query.
 *
 * Older versions would create executions with an unguarded request key. Their insert fails, because the constraint is
 * gone.
 */
export const slimExecutions: Migration = {
  number: 4,
  name: "slim-executions",
  sql: `
alter table executions drop constraint executions_request_key;
drop index executions_by_status;
create index executions_by_status on executions (status, created_at);

-- Foreign keys are looked up by these when an execution is removed; few rows of executions are in the first.
create index executions_successor on executions (successor_id) where successor_id is not null;
create index commitments_of_line on commitments (execution_id, line_index);

-- Without a foreign key, as events.
create table request_keys (
  request_key text collate "C" primary key,
  execution_id text collate "C" not null
);

insert into request_keys (request_key, execution_id) select request_key, id from executions;
`,
};
