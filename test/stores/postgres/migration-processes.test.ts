import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { migrate, verifySchema } from "../../../src/stores/postgres/index.js";
import { migrateTo } from "../../../src/stores/postgres/schema/migrate-to.js";
import { ALL_MIGRATIONS } from "../../../src/stores/postgres/schema/migrations/all-migrations.js";
import { readRecorded } from "../../../src/stores/postgres/schema/migrations/recorded-migrations.js";
import { recorded } from "../../../src/stores/schema/migration.js";
import { startChild } from "../support/child.js";
import { haltDdl } from "../support/halt-ddl.js";
import { holdSchemaLock } from "../support/hold-schema-lock.js";
import { onEachServer } from "../support/on-each-server.js";
import { roleForTest } from "../support/role-for-test.js";
import { schemaForTest } from "../support/schema-for-test.js";
import { FIRST_VERSION } from "../support/schema-versions.js";

onEachServer((database) => {
  const LOCK_HELD_MS = 2_000;
  const ROLES = [
    ["times out sooner than the lock is free", "statement_timeout = '1500ms'", "lock_timeout = '100ms'"],
    ["sees one snapshot in each statement", "default_transaction_isolation = 'serializable'"],
  ] as const;
  for (const [what, ...settings] of ROLES)
    test(`four processes migrate at once as a role that ${what}, and each migration is applied once`, async () => {
      const schema = schemaForTest(database.pool);
      const role = await roleForTest(database, ...settings);
      await database.pool.query(`grant create on database postgres to ${role.name}`);
      const lock = await holdSchemaLock(database, schema);
      const children = Array.from({ length: 4 }, () => startChild("migrate-process.ts", role.url, schema));
      await lock.metBy(4);
      await sleep(LOCK_HELD_MS);
      await lock.free();
      expect(await Promise.all(children.map((child) => child.ended()))).toEqual([0, 0, 0, 0]);
      const all = ALL_MIGRATIONS.map(recorded);
      expect(await readRecorded(database.pool, schema)).toEqual(expect.arrayContaining(all));
      expect(await verifySchema(database.pool, { schema })).toMatchObject({ sound: true, differences: [] });
    });

  const KILLS = [
    ["the first migration", "CREATE INDEX", undefined],
    ["a later migration", "ALTER TABLE", FIRST_VERSION],
  ] as const;
  for (const [where, tag, before] of KILLS)
    for (const connection of ["goes on without it", "ends with it"] as const)
      test(`a process killed in ${where}, whose connection ${connection}, leaves what the next completes`, async () => {
        const schema = schemaForTest(database.pool);
        if (before !== undefined) await migrateTo(before, database.pool, schema);
        const halted = await haltDdl(database, tag);
        const child = startChild("migrate-process.ts", database.url, schema);
        const pid = await halted.reached();
        child.process.kill("SIGKILL");
        expect(await child.ended()).toBe("SIGKILL");
        if (connection === "ends with it") {
          await database.pool.query("select pg_terminate_backend($1, 10000)", [pid]);
          const left = await readRecorded(database.pool, schema);
          expect(left).toEqual((before?.migrations ?? []).map(recorded));
        }
        await halted.goOn();
        const next = startChild("migrate-process.ts", database.url, schema);
        expect(await next.ended()).toBe(0);
        expect(await verifySchema(database.pool, { schema })).toMatchObject({ sound: true, differences: [] });
      });

  test("a statement timeout in a migration leaves nothing of it and says what to do", async () => {
    const schema = schemaForTest(database.pool);
    const role = await roleForTest(database, "statement_timeout = '200ms'");
    await database.pool.query(`grant create on database postgres to ${role.name}`);
    const halted = await haltDdl(database, "CREATE INDEX");
    await expect(migrate(role.pool, { schema })).rejects.toMatchObject({
      code: "INVALID_SCHEMA",
      message: expect.stringContaining("raise statement_timeout"),
      cause: { code: "57014" },
    });
    const { rows } = await database.pool.query("select to_regnamespace($1) as found", [schema]);
    expect(rows).toEqual([{ found: null }]);
    await halted.goOn();
    await migrate(database.pool, { schema });
  });
});
