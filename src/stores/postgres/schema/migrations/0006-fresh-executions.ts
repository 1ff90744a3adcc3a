import type { Migration } from "../../../schema/migration.js";

/** Finds due executions that have not slept. A worker prefers them to a backlog of executions that have. */
export const freshExecutions: Migration = {
  number: 6,
  name: "fresh-executions",
  compatibleFrom: 5,
  sql: `
create index executions_fresh on executions (due_at) where wake_at is null and due_at is not null;
`,
};
