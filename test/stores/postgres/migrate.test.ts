import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate, postgresStore, type SqlClient, verifySchema } from "../../../src/stores/postgres/index.js";
import { newInput } from "../../../src/testing/store-contract/samples.js";
import { schemaOf } from "../support/schema-dump.js";
import { schemaForTest } from "../support/schema-for-test.js";
import { randomSchema, startDatabase, type TestDatabase } from "../support/test-database.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

describe("migrate", () => {
  test("changes nothing where everything is applied", async () => {
    const schema = schemaForTest(database.pool);
    await migrate(database.pool, { schema });
    const before = await schemaOf(database.pool, schema);
    await Promise.all([migrate(database.pool, { schema }), migrate(database.pool, { schema })]);
    expect(await schemaOf(database.pool, schema)).toEqual(before);
  });

  test("applies migrations that are never edited", async () => {
    const schema = schemaForTest(database.pool);
    await migrate(database.pool, { schema });
    const { rows } = await database.pool.query(
      `select number, name, compatible_from, checksum from ${schema}.migrations order by number`,
    );
    expect(rows).toMatchInlineSnapshot(`
      [
        {
          "checksum": "6ba9732b7a74f82d251af8aee64873880061b190e3460768d4a54bac29f7e3f4",
          "compatible_from": null,
          "name": "initial",
          "number": 1,
        },
        {
          "checksum": "b06d19c8a4f15560714bba0bf9d22a2da426e1461253e8fa715c3973471a34fc",
          "compatible_from": 1,
          "name": "compatible-from",
          "number": 2,
        },
        {
          "checksum": "0cfbcebb3efa53616fb24942d9bc887205d5916c2fe80e34e42fe4c67c1d2444",
          "compatible_from": null,
          "name": "history-terms",
          "number": 3,
        },
        {
          "checksum": "381def15158a80b9137f6760444cfa1186546e0032b2ea632ef7c520e6d3dd0e",
          "compatible_from": null,
          "name": "slim-executions",
          "number": 4,
        },
        {
          "checksum": "16f4344aacc68cd821e362e955443f61edc6b06f57edf7b34f02aaea8f35a822",
          "compatible_from": null,
          "name": "withdrawn-lines",
          "number": 5,
        },
        {
          "checksum": "f3561d8ff718ec8d724749c9f9dfb009ba4af08847601d35d0cd94a74bba9a40",
          "compatible_from": 5,
          "name": "fresh-executions",
          "number": 6,
        },
        {
          "checksum": "c290580eba9dfc040e60bb2d19ab00e54308178a2423e0f2004b6cf400bd215c",
          "compatible_from": null,
          "name": "guards",
          "number": 7,
        },
        {
          "checksum": "808b36909e96f38d46fe33d41aa8bb3b3fc276ccc312835bc32f797351b4440b",
          "compatible_from": 7,
          "name": "recommendations",
          "number": 8,
        },
      ]
    `);
  });

  test("goes on where the answer to a step was lost on the way", async () => {
    const schema = schemaForTest(database.pool);
    let lost = 0;
    const forgetful: SqlClient = {
      async query(statement) {
        const result = await database.pool.query(statement);
        if (!statement.text.startsWith("do ")) return result;
        lost += 1;
        throw new Error("Connection terminated unexpectedly");
      },
    };
    await migrate(forgetful, { schema });
    expect(lost).toBeGreaterThan(0);
    expect(await verifySchema(database.pool, { schema })).toMatchObject({ sound: true, differences: [] });
  });

  test("needs no right to create schemas where the schema exists", async () => {
    const schema = schemaForTest(database.pool);
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
    const schema = schemaForTest(database.pool);
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
      await expect(migrate(database.pool, { schema })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
      expect(() => postgresStore(database.pool, { schema })).toThrow(
        expect.objectContaining({ code: "INVALID_REQUEST" }),
      );
    }
  });
});

describe("the first call of a store", () => {
  test("is refused without the schema, and goes through once it is there", async () => {
    const schema = schemaForTest(database.pool);
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
    ["is newer", "insert into migrations values (99, 'later', 'x')", "may not work"],
    [
      "before the last is gone",
      "delete from migrations where number = 1",
      "lacks migration 1 (initial) and holds a later one",
    ],
  ] as const;
  for (const [what, statement, message] of TAMPERED)
    test(`is refused where a migration ${what}`, async () => {
      const schema = schemaForTest(database.pool);
      await migrate(database.pool, { schema });
      await database.pool.query(`set search_path to ${schema}; ${statement}; reset search_path`);
      const refusal = { code: "INVALID_SCHEMA", message: expect.stringContaining(message) };
      await expect(postgresStore(database.pool, { schema }).unlabeled({ limit: 1 })).rejects.toMatchObject(refusal);
    });

  test("checks the schema once, however many calls race", async () => {
    const schema = schemaForTest(database.pool);
    await migrate(database.pool, { schema });
    const texts: string[] = [];
    const listening: SqlClient = {
      query(statement) {
        texts.push(statement.text);
        return database.pool.query(statement);
      },
    };
    const store = postgresStore(listening, { schema });
    await Promise.all([store.get("a"), store.get("b"), store.unlabeled({ limit: 1 })]);
    expect(texts.filter((text) => text.includes("migrations"))).toHaveLength(1);
  });
});
