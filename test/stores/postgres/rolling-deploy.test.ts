import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate, postgresStore, verifySchema } from "../../../src/stores/postgres/index.js";
import { readObjects } from "../../../src/stores/postgres/schema/drift/read-objects.js";
import { migrateTo } from "../../../src/stores/postgres/schema/migrate-to.js";
import { applyMigrations } from "../../../src/stores/postgres/schema/migrations/apply-migrations.js";
import { CURRENT_VERSION, type SchemaVersion } from "../../../src/stores/postgres/schema/schema-version.js";
import { differencesOf } from "../../../src/stores/schema/difference.js";
import { recorded } from "../../../src/stores/schema/migration.js";
import type { SchemaObject } from "../../../src/stores/schema/schema-object.js";
import { committed, newInput, unique } from "../../../src/testing/store-contract/samples.js";
import { created, lineChange, moved } from "../../../src/testing/store-contract/steps.js";
import { storeContract } from "../../../src/testing/store-contract.js";
import { onEachServer } from "../support/on-each-server.js";
import { schemaForTest } from "../support/schema-for-test.js";
import { BREAKING_VERSION, FIRST_VERSION, NEXT_VERSION } from "../support/schema-versions.js";
import { oneCaseOf } from "../support/some-cases.js";
import { randomSchema } from "../support/test-database.js";

/** How many cases of the contract run before the next version migrates; the rest runs while and after it does. */
const CASES_BEFORE = 10;

onEachServer((database) => {
  const numbersIn = async (schema: string): Promise<readonly number[]> =>
    (await database.pool.query(`select number from ${schema}.migrations order by number`)).rows.map(
      (row) => row.number,
    );

  describe("a store of this version, while the next version migrates its schema", () => {
    const schema = randomSchema();
    let store: ReturnType<typeof postgresStore>;
    let cases = 0;
    let migrating: Promise<void> | undefined;
    beforeAll(async () => {
      await migrate(database.pool, { schema });
      store = postgresStore(database.pool, { schema });
    });
    afterAll(() => database.pool.query(`drop schema ${schema} cascade`));

    storeContract({
      test: oneCaseOf(3, 0),
      async createStore() {
        cases += 1;
        if (cases === CASES_BEFORE) migrating = migrateTo(NEXT_VERSION, database.pool, schema);
        return { store };
      },
    });

    test("the next version has migrated in between", async () => {
      expect(cases).toBeGreaterThan(CASES_BEFORE);
      await migrating;
      expect(await numbersIn(schema)).toEqual(NEXT_VERSION.migrations.map(({ number }) => number));
      const { rows } = await database.pool.query(
        `select count(*)::integer as rows, sum(priority)::integer as sum from ${schema}.executions`,
      );
      expect(rows).toEqual([{ rows: expect.any(Number), sum: 0 }]);
    });
  });

  test("a store of this version starts on the next version's schema", async () => {
    const schema = schemaForTest(database.pool);
    await migrateTo(NEXT_VERSION, database.pool, schema);
    const store = postgresStore(database.pool, { schema });
    const execution = await created(store);
    await moved(store, lineChange(execution, committed(unique("ri"))));
    expect(await store.get(execution.id)).toMatchObject({ version: 2, lines: [{ state: "committed" }] });
  });

  test("this version's migrate leaves the next version's schema as it is", async () => {
    const schema = schemaForTest(database.pool);
    await migrateTo(NEXT_VERSION, database.pool, schema);
    const before = await readObjects(database.pool, schema);
    await migrate(database.pool, { schema });
    expect(await readObjects(database.pool, schema)).toEqual(before);
  });

  test("both versions migrate at once", async () => {
    const schema = schemaForTest(database.pool);
    const versions = [CURRENT_VERSION, NEXT_VERSION, CURRENT_VERSION, NEXT_VERSION];
    await Promise.all(versions.map((version) => migrateTo(version, database.pool, schema)));
    expect(await numbersIn(schema)).toEqual(NEXT_VERSION.migrations.map(({ number }) => number));
    await migrateTo(NEXT_VERSION, database.pool, schema);
  });

  test("the report tells what is ahead, and leaves it to the next version", async () => {
    const schema = schemaForTest(database.pool);
    await migrateTo(NEXT_VERSION, database.pool, schema);
    const report = await verifySchema(database.pool, { schema });
    expect(report.sound).toBe(true);
    expect(report.migrations.at(-1)).toMatchObject({ name: "priorities", state: "ahead" });
    expect(report.differences.map(({ difference, name }) => `${difference} ${name}`)).toEqual([
      "unexpected priority",
      "unexpected executions_priority",
      "unexpected note",
      "unexpected line_index",
      "unexpected notes",
    ]);
  });

  test("this version repairs nothing on the next version's schema, and refuses it without a unique index", async () => {
    const schema = schemaForTest(database.pool);
    await migrateTo(NEXT_VERSION, database.pool, schema);
    await database.pool.query(`drop index ${schema}.executions_due`);
    await migrate(database.pool, { schema });
    const report = await verifySchema(database.pool, { schema });
    expect(report).toMatchObject({
      sound: false,
      differences: [{ name: "executions_due", repair: "by hand" }, {}, {}, {}, {}, {}],
    });
    await database.pool.query(`drop index ${schema}.lines_lineage`);
    const refusal = { code: "INVALID_SCHEMA", message: expect.stringContaining("lines_lineage") };
    await expect(migrate(database.pool, { schema })).rejects.toMatchObject(refusal);
    await expect(postgresStore(database.pool, { schema }).create(newInput())).rejects.toMatchObject(refusal);
    await migrateTo(NEXT_VERSION, database.pool, schema);
    await expect(postgresStore(database.pool, { schema }).create(newInput())).resolves.toMatchObject({
      kind: "created",
    });
  });

  test("this version refuses a schema that only the next version may work on, and changes nothing", async () => {
    const schema = schemaForTest(database.pool);
    await migrateTo(BREAKING_VERSION, database.pool, schema);
    const before = await readObjects(database.pool, schema);
    const refusal = {
      code: "INVALID_SCHEMA",
      message: expect.stringContaining("may not work: use the version that made it"),
    };
    await expect(postgresStore(database.pool, { schema }).create(newInput())).rejects.toMatchObject(refusal);
    await expect(migrate(database.pool, { schema })).rejects.toMatchObject(refusal);
    expect((await verifySchema(database.pool, { schema })).migrations.at(-1)).toMatchObject({ state: "incompatible" });
    expect(await readObjects(database.pool, schema)).toEqual(before);
  });

  test("a later additive migration does not make a breaking one acceptable", async () => {
    const schema = schemaForTest(database.pool);
    await migrateTo(BREAKING_VERSION, database.pool, schema);
    const number = BREAKING_VERSION.migrations.length + 1;
    const later = { number, name: "later", compatibleFrom: 1, sql: "create table later (id integer);" };
    await applyMigrations(database.pool, schema, [later]);
    await expect(postgresStore(database.pool, { schema }).get("none")).rejects.toMatchObject({
      code: "INVALID_SCHEMA",
      message: expect.stringContaining("(origin)"),
    });
  });

  test("a database of the first version is refused until it is migrated, and keeps its rows", async () => {
    const schema = schemaForTest(database.pool);
    await migrateTo(FIRST_VERSION, database.pool, schema);
    const store = postgresStore(database.pool, { schema });
    await expect(store.get("none")).rejects.toMatchObject({
      code: "INVALID_SCHEMA",
      message: expect.stringContaining("lacks migration 2 (compatible-from): call migrate"),
    });
    await database.pool.query(`
      insert into ${schema}.executions (id, request_key, content_fingerprint, lineage_key, status, version, fence,
             created_by, created_at, updated_at, status_changed_at, last_sign_of_life_at)
      values ('old', 'old', 'f', 'old', 'completed', 1, 0, 'alice', now(), now(), now(), now())`);
    expect(await verifySchema(database.pool, { schema })).toMatchObject({
      sound: false,
      differences: expect.arrayContaining([
        expect.objectContaining({ difference: "missing", name: "compatible_from", repair: "migrate" }),
      ]),
    });
    await migrate(database.pool, { schema });
    expect(await store.get("old")).toMatchObject({ requestKey: "old", status: "completed", createdBy: "alice" });
  });

  test("two branches that used one number are told apart, and what a hand made of it is repaired", async () => {
    const schema = schemaForTest(database.pool);
    await migrateTo(FIRST_VERSION, database.pool, schema);
    const branch = { number: 2, name: "tickets", sql: "alter table lines add column ticket text;" };
    await applyMigrations(database.pool, schema, [branch]);
    const refusal = { code: "INVALID_SCHEMA", message: expect.stringContaining("with another content") };
    await expect(migrate(database.pool, { schema })).rejects.toMatchObject(refusal);
    const ours = CURRENT_VERSION.migrations.map(recorded).find(({ number }) => number === branch.number);
    const correction = `update ${schema}.migrations set name = $1, checksum = $2 where number = $3`;
    await database.pool.query(correction, [ours?.name, ours?.checksum, ours?.number]);
    expect((await verifySchema(database.pool, { schema })).differences).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ difference: "missing", name: "compatible_from", repair: "migrate" }),
        expect.objectContaining({ difference: "unexpected", name: "ticket", repair: "none" }),
      ]),
    );
    await migrate(database.pool, { schema });
    expect(await verifySchema(database.pool, { schema })).toMatchObject({
      sound: true,
      differences: [{ name: "ticket" }],
    });
  });

  for (const [at, { number, name, compatibleFrom }] of CURRENT_VERSION.migrations.entries())
    test(`migration ${number} (${name}) changes nothing that versions it is compatible with rely on`, async () => {
      const before = await objectsMadeBy(CURRENT_VERSION.migrations.slice(0, compatibleFrom ?? number));
      const after = await objectsMadeBy(CURRENT_VERSION.migrations.slice(0, at + 1));
      expect(harmTo(before, after)).toEqual([]);
    });

  test("the check above notices every change that older versions mind, and no other", async () => {
    const before = await objectsMadeBy(CURRENT_VERSION.migrations);
    expect(harmTo(before, await objectsMadeBy(NEXT_VERSION.migrations))).toEqual([]);
    const sql = `alter table lines drop column last_error; alter table lines alter column doubt set not null;
      create unique index executions_source on executions (source); alter table events add column place text not null;
      alter table events add constraint events_actor check (actor <> ''); drop index lines_unlabeled;
      alter table events add column mark bigint; create unique index events_mark on events (mark);
      create unique index events_mark_of_kind on events (mark, kind)`;
    const harmful = { number: NEXT_VERSION.migrations.length, name: "harmful", sql: `${sql};` };
    const after = await objectsMadeBy([...CURRENT_VERSION.migrations, harmful]);
    expect(harmTo(before, after)).toEqual([
      "column doubt",
      "column last_error",
      "index lines_unlabeled",
      "index lines_waiting",
      "column place",
      "constraint events_actor",
      "index events_mark_of_kind",
      "index executions_source",
    ]);
  });

  async function objectsMadeBy(migrations: SchemaVersion["migrations"]): Promise<readonly SchemaObject[]> {
    const schema = schemaForTest(database.pool);
    await applyMigrations(database.pool, schema, migrations);
    return await readObjects(database.pool, schema);
  }
});

/** What a change of the schema does that the statements of the version before may mind: see Migration.compatibleFrom. */
const harmTo = (before: readonly SchemaObject[], after: readonly SchemaObject[]): readonly string[] =>
  differencesOf(before, after)
    .filter(({ difference, object, table, found }) => {
      if (difference !== "unexpected" || found === null) return true;
      if (!before.some((one) => one.table === table)) return false;
      if (object === "column") return found.endsWith(" not null") && !/ (default|generated) /.test(found);
      return object !== "index" || (found.startsWith("CREATE UNIQUE INDEX ") && isOverOld(before, table, found));
    })
    .map(({ object, name }) => `${object} ${name}`);

/** Whether an index has a column that was there before. In a new column, older versions write null. */
const isOverOld = (before: readonly SchemaObject[], table: string, index: string): boolean => {
  const columns = / USING btree \(([\w, ]+)\)/.exec(index)?.[1]?.split(", ");
  // An index over an expression may be over anything.
  return (
    columns === undefined ||
    before.some((one) => one.table === table && one.kind === "column" && columns.includes(one.name))
  );
};
