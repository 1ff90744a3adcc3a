import { expect, test } from "vitest";
import { formatObjects } from "../../../src/stores/schema/schema-object.js";
import { connectionOf } from "../../../src/stores/sqlite/database/connection.js";
import { migrate, sqliteStore, verifySchema } from "../../../src/stores/sqlite/index.js";
import { ALL_MIGRATIONS } from "../../../src/stores/sqlite/schema/migrations/all-migrations.js";
import { readObjects } from "../../../src/stores/sqlite/schema/read-objects.js";
import { applyMigration } from "../../../src/stores/sqlite/schema/recorded-migrations.js";
import { created } from "../../../src/testing/store-contract/steps.js";
import { emptyFileForTest, sqliteFileForTest } from "../support/sqlite-file.js";

/** The source of expected-objects.ts. */
const expectedObjects = (objects: string): string => `/**
 * Everything that the migrations make, one object a line, in the format of \`formatObjects\`.
 *
 * test/stores/sqlite/schema.test.ts writes it (\`vitest -u\`), and compares it with the objects that the migrations make. It is
 * kept here, because to find it out at run time would take a second database, which only the caller's driver could open.
 */
export const SCHEMA_OBJECTS = \`
${objects}\`;
`;

test("the expected objects are those that the migrations make", async () => {
  const { database } = await emptyFileForTest();
  const connection = connectionOf(database);
  for (const migration of ALL_MIGRATIONS) applyMigration(connection, migration, 0);
  const source = expectedObjects(formatObjects(readObjects(connection)));
  await expect(source).toMatchFileSnapshot("../../../src/stores/sqlite/schema/expected-objects.ts");
});

test("migrate makes what verifySchema expects, again changes nothing, and leaves tables of others alone", async () => {
  const { database } = await sqliteFileForTest();
  database.exec("create table executions (id text); create index mine on executions (id)");
  const before = database.prepare("select * from buyonce_migrations").all();
  await migrate(database);
  expect(database.prepare("select * from buyonce_migrations").all()).toEqual(before);
  const report = await verifySchema(database);
  expect(report).toMatchObject({ sound: true, differences: [] });
  expect(report.migrations.map(({ state }) => state)).toEqual(["applied"]);
});

test("many connections that migrate at once make everything once", async () => {
  const file = await sqliteFileForTest();
  for (const { name } of file.database
    .prepare("select name from sqlite_schema where type = 'table' and name like 'buyonce%'")
    .all() as { name: string }[])
    file.database.exec(`pragma foreign_keys = off; drop table ${name}`);
  await Promise.all(Array.from({ length: 8 }, () => migrate(file.connect())));
  expect(await verifySchema(file.database)).toMatchObject({ sound: true, differences: [] });
});

test("a store refuses a file that was not migrated, and says what to do", async () => {
  const { database, connect } = await sqliteFileForTest();
  database.exec("delete from buyonce_migrations");
  await expect(sqliteStore(connect()).get("none")).rejects.toMatchObject({ code: "INVALID_SCHEMA" });
  await expect(sqliteStore(connect()).get("none")).rejects.toThrow("call migrate(database)");
});

const DRIFTS = [
  [
    "a unique index",
    "drop index buyonce_lines_lane",
    { object: "index", name: "buyonce_lines_lane", repair: "migrate" },
  ],
  [
    "an index",
    "drop index buyonce_executions_due",
    { object: "index", name: "buyonce_executions_due", repair: "migrate" },
  ],
  [
    "a table",
    "drop table buyonce_decision_tokens",
    { object: "table", name: "buyonce_decision_tokens", repair: "by hand" },
  ],
  [
    "a column",
    "alter table buyonce_lines drop column withdrawn",
    { object: "column", name: "withdrawn", repair: "by hand" },
  ],
  [
    "a check",
    `pragma writable_schema = on;
     update sqlite_schema set sql = replace(sql, 'constraint executions_fence check (fence >= 0)', '')
      where name = 'buyonce_executions';
     pragma writable_schema = reset`,
    { object: "constraint", name: "executions_fence", repair: "by hand" },
  ],
] as const;

test.each(DRIFTS)(
  "a file that lost %s is reported, refused by a store, and repaired only where it is safe",
  async (_, sql, lost) => {
    const { database, connect } = await sqliteFileForTest();
    // The driver forbids writes to the schema otherwise.
    database.unsafeMode();
    database.exec(sql);
    const report = await verifySchema(database);
    expect(report.sound).toBe(false);
    expect(report.differences).toMatchObject([{ difference: "missing", ...lost }]);
    await expect(sqliteStore(connect()).get("none")).rejects.toMatchObject({ code: "INVALID_SCHEMA" });
    if (lost.repair === "migrate") {
      await migrate(connect());
      expect((await verifySchema(connect())).sound).toBe(true);
    } else await expect(migrate(connect())).rejects.toMatchObject({ code: "INVALID_SCHEMA" });
  },
);

test("rows that stand against a unique index are named, and the index is left to a person", async () => {
  const { database, connect } = await sqliteFileForTest();
  const store = sqliteStore(database);
  for (let at = 0; at < 2; at += 1) await created(store);
  database.exec("drop index buyonce_lines_lane; update buyonce_lines set lane = 'the same'");
  const { differences } = await verifySchema(database);
  expect(differences).toMatchObject([
    { name: "buyonce_lines_lane", repair: "by hand", against: { total: 2, rows: [{ number: 1 }, { number: 2 }] } },
  ]);
  await expect(migrate(connect())).rejects.toThrow("2 row(s) share a key that must be unique");
});

test("an index in another form is left to a person, and an object of others is told and left alone", async () => {
  const { database, connect } = await sqliteFileForTest();
  database.exec("create trigger theirs after insert on buyonce_events begin select 1; end");
  expect(await verifySchema(database)).toMatchObject({
    sound: true,
    differences: [{ difference: "unexpected", object: "trigger", name: "theirs", repair: "none" }],
  });
  database.exec("drop index buyonce_lines_lane; create index buyonce_lines_lane on buyonce_lines (lane)");
  expect((await verifySchema(database)).differences).toMatchObject([
    { difference: "different", name: "buyonce_lines_lane", repair: "by hand" },
    { name: "theirs" },
  ]);
  await expect(migrate(connect())).rejects.toThrow("drop index buyonce_lines_lane");
});

test("a migration with another content, and one that forbids older versions, are refused; one that allows them is not", async () => {
  const { database, connect } = await sqliteFileForTest();
  const later = (compatibleFrom: number | null) => {
    database.exec("delete from buyonce_migrations where number = 99");
    database.prepare("insert into buyonce_migrations values (99, 'later', 'sum', ?, 0)").run(compatibleFrom);
  };
  later(1);
  await sqliteStore(connect()).get("none");
  await migrate(connect());
  later(null);
  await expect(sqliteStore(connect()).get("none")).rejects.toThrow("on which this version of buyonce may not work");
  await expect(migrate(connect())).rejects.toMatchObject({ code: "INVALID_SCHEMA" });
  database.exec("delete from buyonce_migrations where number = 99; update buyonce_migrations set checksum = 'other'");
  await expect(migrate(connect())).rejects.toThrow("with another content than this version's");
  expect((await verifySchema(connect())).migrations).toMatchObject([{ number: 1, state: "altered" }]);
});
