import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { migrate, postgresStore, type SqlClient } from "../../../src/stores/postgres/index.js";
import { ALL_MIGRATIONS } from "../../../src/stores/postgres/migrations/all-migrations.js";
import { recorded } from "../../../src/stores/postgres/migrations/migration.js";
import { newInput } from "../../../src/testing/store-contract/samples.js";
import { startChild } from "../support/child.js";
import { schemaOf } from "../support/schema-dump.js";
import { randomSchema, startDatabase, type TestDatabase } from "../support/test-database.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

/** A schema that is dropped after the test. */
function schemaForTest(): string {
  const schema = randomSchema();
  onTestFinished(async () => {
    await database.pool.query(`drop schema if exists ${schema} cascade`);
  });
  return schema;
}

describe("migrate", () => {
  test("lets four processes migrate at once, and applies each migration once", async () => {
    const schema = schemaForTest();
    const children = Array.from({ length: 4 }, () => startChild("migrate-process.ts", database.url, schema));
    expect(await Promise.all(children.map((child) => child.ended()))).toEqual([0, 0, 0, 0]);
    const { rows } = await database.pool.query(`select number, name, checksum from ${schema}.migrations`);
    expect(rows).toEqual(ALL_MIGRATIONS.map(recorded));
  });

  test("changes nothing where everything is applied", async () => {
    const schema = schemaForTest();
    await migrate(database.pool, { schema });
    const before = await schemaOf(database.pool, schema);
    await Promise.all([migrate(database.pool, { schema }), migrate(database.pool, { schema })]);
    expect(await schemaOf(database.pool, schema)).toEqual(before);
  });

  test("makes the schema that is written down, by migrations that are never edited", async () => {
    const schema = schemaForTest();
    await migrate(database.pool, { schema });
    await expect(await schemaOf(database.pool, schema)).toMatchFileSnapshot("schema.snapshot.txt");
    expect(ALL_MIGRATIONS.map(recorded)).toMatchInlineSnapshot(`
      [
        {
          "checksum": "6ba9732b7a74f82d251af8aee64873880061b190e3460768d4a54bac29f7e3f4",
          "name": "initial",
          "number": 1,
        },
      ]
    `);
  });

  test("needs no right to create schemas where the schema exists", async () => {
    const schema = schemaForTest();
    const role = randomSchema();
    await database.pool.query(`create role ${role}; create schema ${schema} authorization ${role}`);
    const client = await database.pool.connect();
    await client.query(`set role ${role}`);
    await migrate(client, { schema });
    await client.query("reset role");
    client.release();
    await expect(postgresStore(database.pool, { schema }).get("none")).resolves.toBeUndefined();
  });

  test("leaves the search path of the caller's transaction as it was", async () => {
    const schema = schemaForTest();
    const client = await database.pool.connect();
    await client.query("begin; set local search_path to pg_catalog, public");
    await migrate(client, { schema });
    const { rows } = await client.query("show search_path");
    expect(rows).toEqual([{ search_path: "pg_catalog, public" }]);
    await client.query("rollback");
    client.release();
    await expect(postgresStore(database.pool, { schema }).get("none")).rejects.toMatchObject({
      code: "INVALID_SCHEMA",
    });
  });

  test("refuses schema names that would need more than quoting", async () => {
    for (const schema of ["", "Buyonce", "a-b", 'a"b', "1a", "pg_mine", "a".repeat(64)]) {
      await expect(migrate(database.pool, { schema })).rejects.toThrow(TypeError);
      expect(() => postgresStore(database.pool, { schema })).toThrow(TypeError);
    }
  });
});

describe("the first call of a store", () => {
  test("is refused without the schema, and goes through once it is there", async () => {
    const schema = schemaForTest();
    const store = postgresStore(database.pool, { schema });
    await expect(store.get("none")).rejects.toMatchObject({
      code: "INVALID_SCHEMA",
      message: expect.stringContaining("call migrate(sql, { schema })"),
    });
    await migrate(database.pool, { schema });
    await expect(store.create(newInput())).resolves.toMatchObject({ kind: "created" });
  });

  const TAMPERED = [
    ["was altered", "update migrations set checksum = 'other'", "with another content"],
    ["is gone", "delete from migrations", "lacks migration 1"],
    ["is newer", "insert into migrations values (99, 'later', 'x')", "does not know"],
  ] as const;
  for (const [what, statement, message] of TAMPERED)
    test(`is refused where a migration ${what}`, async () => {
      const schema = schemaForTest();
      await migrate(database.pool, { schema });
      await database.pool.query(`set search_path to ${schema}; ${statement}; reset search_path`);
      const refusal = { code: "INVALID_SCHEMA", message: expect.stringContaining(message) };
      await expect(postgresStore(database.pool, { schema }).due({ limit: 1 })).rejects.toMatchObject(refusal);
    });

  test("checks the schema once, however many calls race", async () => {
    const schema = schemaForTest();
    await migrate(database.pool, { schema });
    const texts: string[] = [];
    const listening: SqlClient = {
      query(statement) {
        texts.push(statement.text);
        return database.pool.query(statement);
      },
    };
    const store = postgresStore(listening, { schema });
    await Promise.all([store.get("a"), store.get("b"), store.due({ limit: 1 })]);
    expect(texts.filter((text) => text.includes("migrations"))).toHaveLength(1);
  });
});
