import type pg from "pg";
import { expect, test } from "vitest";
import { migrate, postgresStore, verifySchema } from "../../../src/stores/postgres/index.js";
import { applyMigrations } from "../../../src/stores/postgres/schema/migrations/apply-migrations.js";
import { CURRENT_VERSION } from "../../../src/stores/postgres/schema/schema-version.js";
import { committed, submitting, unique } from "../../../src/testing/store-contract/samples.js";
import { changeOf, lineChange, moved, read } from "../../../src/testing/store-contract/steps.js";
import { onEachServer } from "../support/on-each-server.js";
import { schemaForTest } from "../support/schema-for-test.js";

const DAY = 86_400_000;
const CHANGED = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

/** Executions as the version before the migration stored them, each of one line. */
const ROWS = (schema: string, scheduledFor: number) => `
  set search_path to ${schema};
  insert into executions (id, request_key, content_fingerprint, lineage_key, status, version, fence, created_by, created_at,
         updated_at, status_changed_at, last_sign_of_life_at, approved_by, wake_at)
  select id, id, 'f', id, status, 2, 0, 'alice', now(), now(), now(), now(), approved_by, wake_at::timestamptz
    from (values ('pending', 'pending', null, null), ('approved', 'approved', 'bob', null), ('doubted', 'in_doubt', 'bob', null),
                 ('scheduled', 'scheduled', 'bob', '${new Date(scheduledFor).toISOString()}'),
                 ('overdue', 'scheduled', 'bob', '2026-01-01T00:00:00Z')) as given (id, status, approved_by, wake_at);
  insert into request_keys (request_key, execution_id) select id, id from executions;
  insert into lines (execution_id, line_index, lineage_key, fingerprint, request, state, attempt, submitted_at, unproved_since,
         prepared, needs_label, trouble, changed_at)
  select id, 0, id, 'f', '{"service": "custom.contract", "account": "account-1"}',
         case id when 'doubted' then 'in_doubt' else 'planned' end, 1,
         case id when 'doubted' then timestamptz '2026-01-02T00:00:00Z' end,
         case id when 'doubted' then timestamptz '2026-01-01T00:00:00Z' end,
         case id when 'doubted' then jsonb '{"reference": "offering-1", "lane": "lane-1"}' end, false,
         case when id in ('approved', 'doubted') then jsonb '{"code": "LOOKUP_FAILED", "message": "timeout"}' end,
         '${new Date(CHANGED).toISOString()}'
    from executions;
  insert into events (execution_id, version, at, status, kind, actor)
  select id, number, now(), status, kind, 'worker' from executions, (values (1, 'troubled'), (2, 'approved')) as v (number, kind);
  reset search_path`;

/** What statements of the version before say of the columns that the migration changes. */
const OLDER_STATEMENTS = [
  ["writes a line", "update lines set state = 'submitting', trouble = null", "42703"],
  ["creates a line", "insert into lines (execution_id, line_index, trouble) values ('approved', 1, null)", "42703"],
  [
    "moves a status",
    "update executions set status = 'canceled', last_sign_of_life_at = now() where id = 'pending'",
    "42703",
  ],
  ["approves", "update executions set approved_by = 'eve', status = 'approved' where id = 'pending'", "23514"],
] as const;

onEachServer((database) => {
  async function migrated(scheduledFor: number): Promise<{ readonly schema: string; readonly from: number }> {
    const schema = schemaForTest(database.pool);
    await applyMigrations(database.pool, schema, CURRENT_VERSION.migrations.slice(0, 4));
    await database.pool.query(ROWS(schema, scheduledFor));
    const from = await serverTime(database.pool);
    await migrate(database.pool, { schema });
    return { schema, from };
  }

  test("what older versions stored is kept, and counts from the migration on", async () => {
    const scheduledFor = Date.now() + 30 * DAY;
    const { schema, from } = await migrated(scheduledFor);
    const store = postgresStore(database.pool, { schema });
    const approvedAt = async (id: string) => (await read(store, id)).approvedAt;
    const now = await approvedAt("approved");
    expect(now).toBeGreaterThanOrEqual(from);
    expect(now).toBeLessThanOrEqual(await serverTime(database.pool));
    expect(await approvedAt("scheduled")).toBe(scheduledFor);
    expect(await approvedAt("overdue")).toBeGreaterThanOrEqual(from);
    expect(await read(store, "pending")).toMatchObject({ approvedBy: null, approvedAt: null });
    const untold = { unprovedRequests: 0, sentUnder: null, withdrawn: null, saidAbsent: null };
    const lastError = { code: "LOOKUP_FAILED", message: "timeout", since: CHANGED };
    expect((await read(store, "pending")).lines).toMatchObject([{ ...untold, lastError: null }]);
    expect((await read(store, "approved")).lines).toMatchObject([{ ...untold, lastError }]);
    const doubted = { ...untold, unprovedRequests: 1, unprovedSince: Date.UTC(2026, 0, 1), lastError };
    expect((await read(store, "doubted")).lines).toMatchObject([doubted]);
    expect((await store.events("doubted")).map(({ kind }) => kind)).toEqual(["attempt_failed", "approved"]);
    expect(await store.laneHolder("lane-1")).toEqual({ executionId: "doubted", lineIndex: 0 });
    expect(await verifySchema(database.pool, { schema })).toMatchObject({ sound: true, differences: [] });
    const bought = await moved(store, lineChange(await read(store, "doubted"), committed(unique("ri"))));
    await moved(store, changeOf(bought, { status: "completed", wakeAt: null }));
  });

  test.each(OLDER_STATEMENTS)("a statement of an older version that %s fails", async (_, statement, code) => {
    const { schema } = await migrated(Date.now());
    const before = await postgresStore(database.pool, { schema }).history({});
    const client = await database.pool.connect();
    try {
      await client.query(`set search_path to ${schema}`);
      await expect(client.query(statement)).rejects.toMatchObject({ code });
    } finally {
      client.release(true);
    }
    expect(await postgresStore(database.pool, { schema }).history({})).toEqual(before);
  });

  test("a statement that was prepared before the migration fails after it", async () => {
    const schema = schemaForTest(database.pool);
    await applyMigrations(database.pool, schema, CURRENT_VERSION.migrations.slice(0, 4));
    await database.pool.query(ROWS(schema, Date.now()));
    const client = await database.pool.connect();
    const text = `update ${schema}.lines set trouble = null where execution_id = $1`;
    try {
      await client.query({ name: "older", text, values: ["approved"] });
      await migrate(database.pool, { schema });
      await expect(client.query({ name: "older", text, values: ["approved"] })).rejects.toMatchObject({
        code: "42703",
      });
    } finally {
      client.release(true);
    }
  });

  test("a withdrawn line and a person's word are lost with a column that migrate does not bring back empty", async () => {
    const { schema } = await migrated(Date.now());
    const store = postgresStore(database.pool, { schema });
    const line = await read(store, "approved");
    await moved(store, lineChange(line, { ...submitting(), withdrawn: { by: "bob" } }));
    for (const column of ["withdrawn", "said_absent", "sent_under", "unproved_requests"]) {
      await database.pool.query(`alter table ${schema}.lines drop column ${column}`);
      await expect(migrate(database.pool, { schema })).rejects.toMatchObject({
        code: "INVALID_SCHEMA",
        message: expect.stringContaining(`column ${column} of lines is missing`),
      });
    }
  });
});

async function serverTime(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query("select floor(extract(epoch from clock_timestamp()) * 1000)::text as now");
  return Number(rows[0].now);
}
