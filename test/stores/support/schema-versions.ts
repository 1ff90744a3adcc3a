import { CURRENT_VERSION, type SchemaVersion } from "../../../src/stores/postgres/schema/schema-version.js";
import { formatObjects, parseObjects } from "../../../src/stores/schema/schema-object.js";

const number = CURRENT_VERSION.migrations.length + 1;

const withMigration = (
  name: string,
  objects: string,
  parts: { sql: string; compatibleFrom?: number },
): SchemaVersion => ({
  migrations: [...CURRENT_VERSION.migrations, { number, name, ...parts }],
  objects: parseObjects(formatObjects(CURRENT_VERSION.objects) + objects),
});

/** A version after this one, whose migration only adds what this version's statements do not mind. */
export const NEXT_VERSION = withMigration(
  "priorities",
  `
column executions.priority: integer default 0 not null
index executions.executions_priority: CREATE INDEX executions_priority ON executions USING btree (priority)
column lines.note: text
table notes.notes: table
column notes.line_index: integer
`,
  {
    compatibleFrom: number - 1,
    sql: `
alter table executions add column priority integer not null default 0;
create index executions_priority on executions (priority);
alter table lines add column note text;
create table notes (line_index integer);
`,
  },
);

/** A version after this one, on whose schema this version must not work. */
export const BREAKING_VERSION: SchemaVersion = {
  ...withMigration("origin", "", { sql: "alter table executions rename column source to origin;" }),
  objects: parseObjects(formatObjects(CURRENT_VERSION.objects).replace("executions.source:", "executions.origin:")),
};

const LATER =
  /^(compatible_from|plan_|executions_plan|executions_by_status$|executions_successor$|executions_fresh$|commitments_of_line$|(events_)?position$|events_unplaced$|lines_waiting$|approval_from|executions_approval|need(_key)?$|hold$|price_drift$|approvers$|approvals_needed|executions_approvals|lines_need$|lines_bought$|lines_in_doubt$|(lines_)?unproved_requests|sent_under|withdrawn|said_absent)/;
const FIRST_ONLY = `
constraint executions.executions_request_key: UNIQUE (request_key)
index executions.executions_history: CREATE INDEX executions_history ON executions USING btree (created_at, id)
`;
const LATER_TABLES = [
  ...["history_terms", "request_keys", "guards", "freezes", "limit_changes", "limit_counters", "decision_tokens"],
  ...["collections", "recommendations", "recommendation_sources", "feed_cursors"],
];
const laterThanFirst = ({ table, name }: SchemaVersion["objects"][number]): boolean =>
  LATER_TABLES.includes(table) || LATER.test(name);

/** The version before the one that records what migrations are compatible with. */
export const FIRST_VERSION: SchemaVersion = {
  migrations: CURRENT_VERSION.migrations.slice(0, 1),
  objects: parseObjects(
    formatObjects(CURRENT_VERSION.objects.filter((one) => !laterThanFirst(one)))
      .replace("lines.last_error:", "lines.trouble:")
      .replaceAll("last_active_at", "last_sign_of_life_at") + FIRST_ONLY,
  ),
};
