import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openServer } from "../../../src/stores/embedded/embedded-postgres.js";
import { findBinaries } from "../../../src/stores/embedded/server-binaries.js";
import { migrate, postgresStore, type SqlClient, verifySchema } from "../../../src/stores/postgres/index.js";
import { committed, newInput, unique } from "../../../src/testing/store-contract/samples.js";
import { created, lineChange, moved } from "../../../src/testing/store-contract/steps.js";
import { onEachServer } from "../support/on-each-server.js";
import { roleForTest } from "../support/role-for-test.js";
import { schemaForTest } from "../support/schema-for-test.js";
import { temporaryFolder } from "../support/test-database.js";

const refusal = (message: string) => ({ code: "INVALID_SCHEMA", message: expect.stringContaining(message) });

onEachServer((database) => {
  const run = async (statement: string) => void (await database.pool.query(statement));

  test("a database that cannot hold every text is refused", async () => {
    const name = schemaForTest(database.pool);
    await run(`create database ${name} template template0 encoding 'LATIN1' locale 'C'`);
    const url = new URL(database.url);
    url.pathname = name;
    const pool = new pg.Pool({ connectionString: url.href });
    try {
      await expect(migrate(pool)).rejects.toMatchObject(refusal("needs a database in UTF8; this one is in LATIN1"));
    } finally {
      await pool.end();
      await run(`drop database ${name}`);
    }
  });

  describe("a role without the right", () => {
    const rights = { ...refusal("let an administrator create it with AUTHORIZATION"), cause: { code: "42501" } };

    test("is told so where the schema does not exist", async () => {
      const role = await roleForTest(database);
      const schema = schemaForTest(database.pool);
      await expect(migrate(role.pool, { schema })).rejects.toMatchObject(rights);
    });

    test("is told so where the schema belongs to another role", async () => {
      const role = await roleForTest(database);
      const schema = schemaForTest(database.pool);
      await run(`create schema ${schema}`);
      await expect(migrate(role.pool, { schema })).rejects.toMatchObject(rights);
      await migrate(database.pool, { schema });
      await expect(migrate(role.pool, { schema })).rejects.toMatchObject(rights);
      await expect(verifySchema(role.pool, { schema })).rejects.toMatchObject(rights);
      await expect(postgresStore(role.pool, { schema }).get("none")).rejects.toMatchObject(rights);
    });

    test("cannot repair, but can work once the owner has", async () => {
      const role = await roleForTest(database);
      const schema = schemaForTest(database.pool);
      await migrate(database.pool, { schema });
      await run(`grant usage on schema ${schema} to ${role.name};
        grant select, insert, update on all tables in schema ${schema} to ${role.name};
        drop index ${schema}.executions_due`);
      await expect(migrate(role.pool, { schema })).rejects.toMatchObject(rights);
      await migrate(database.pool, { schema });
      await migrate(role.pool, { schema });
      const store = postgresStore(role.pool, { schema });
      await expect(store.create(newInput())).rejects.toMatchObject(
        refusal(
          `lacks DELETE on commitments: a correction frees commitment ids. Grant it: grant delete on "${schema}"`,
        ),
      );
      await run(`grant delete on ${schema}.commitments to ${role.name}`);
      const execution = await created(store);
      const wrong = await moved(store, lineChange(execution, committed(unique("ri"))));
      await moved(store, lineChange(wrong, committed(unique("ri"))));
    });

    test("can read without the right to write", async () => {
      const role = await roleForTest(database);
      const schema = schemaForTest(database.pool);
      await migrate(database.pool, { schema });
      await run(
        `grant usage on schema ${schema} to ${role.name}; grant select on all tables in schema ${schema} to ${role.name}`,
      );
      const store = postgresStore(role.pool, { schema });
      expect(await store.history({})).toEqual({ executions: [] });
      expect(await store.laneHolder("lane")).toBeUndefined();
      await expect(store.create(newInput())).rejects.toMatchObject({ code: "42501" });
    });
  });

  describe("a session that is read-only", () => {
    let readOnly: pg.Pool;
    beforeAll(() => {
      readOnly = new pg.Pool({
        connectionString: database.url,
        options: "-c default_transaction_read_only=on",
        max: 2,
      });
    });
    afterAll(() => readOnly.end());

    test("is refused where there is something to migrate or to repair, and only there", async () => {
      const schema = schemaForTest(database.pool);
      const message = "this session is read-only: connect to the primary server";
      await expect(migrate(readOnly, { schema })).rejects.toMatchObject(refusal(message));
      await migrate(database.pool, { schema });
      await migrate(readOnly, { schema });
      await run(`drop index ${schema}.executions_due`);
      await expect(migrate(readOnly, { schema })).rejects.toMatchObject(refusal(message));
    });
  });

  test("a table that no recorded migration made is in the way, and stays", async () => {
    const schema = schemaForTest(database.pool);
    await run(`create schema ${schema}; create table ${schema}.executions (mine text)`);
    await expect(migrate(database.pool, { schema })).rejects.toMatchObject(refusal("is in the way"));
    await run(`select mine from ${schema}.executions`);
  });

  test("a server older than PostgreSQL 15 is refused, and not changed", async () => {
    const schema = schemaForTest(database.pool);
    const texts: string[] = [];
    // What a server of version 14 answers; it cannot be set on a newer one.
    const older: SqlClient = {
      query({ text, values }) {
        texts.push(text);
        return database.pool.query(text.replace("current_setting('server_version_num')", "'140019'"), values);
      },
    };
    await expect(migrate(older, { schema })).rejects.toMatchObject(
      refusal("needs PostgreSQL 15 or later; this server is 14: upgrade it"),
    );
    expect(texts).toHaveLength(1);
  });

  test("a migration that is locked out says what to do", async () => {
    const schema = schemaForTest(database.pool);
    await migrate(database.pool, { schema });
    await run(`drop index ${schema}.executions_due`);
    const impatient = new pg.Pool({ connectionString: database.url, options: "-c lock_timeout=50ms", max: 1 });
    const busy = await database.pool.connect();
    onTestFinished(() => impatient.end());
    await busy.query(`begin; lock table ${schema}.executions in row exclusive mode`);
    await expect(migrate(impatient, { schema })).rejects.toMatchObject(
      refusal("Call migrate again when the tables are quiet"),
    );
    await busy.query("commit");
    busy.release();
    await migrate(impatient, { schema });
  });
});

test("a replica is refused where there is something to migrate, and read where there is not", async () => {
  const folder = await temporaryFolder();
  const binaries = await findBinaries();
  const dataDir = join(folder.path, "pg");
  onTestFinished(() => folder.remove());
  const primary = await openServer({ dataDir }, binaries);
  await migrate(primary.sql);
  await primary.close();
  await writeFile(join(dataDir, "data", "standby.signal"), "");
  const replica = await openServer({ dataDir }, binaries);
  onTestFinished(() => replica.close());
  await migrate(replica.sql);
  expect(await verifySchema(replica.sql)).toMatchObject({ sound: true });
  await expect(migrate(replica.sql, { schema: "other" })).rejects.toMatchObject(
    refusal("this server is a replica: connect to the primary server"),
  );
});
