import type { SqlClient } from "../../client/sql-client.js";
import { quotedSchema } from "../schema-name.js";
import { underSchemaLock } from "../under-schema-lock.js";
import { type Migration, recorded } from "./migration.js";
import { readRecorded } from "./recorded-migrations.js";

/** Applies migrations one after the other, each in a transaction of its own and by one process only. */
export async function applyMigrations(sql: SqlClient, schema: string, migrations: readonly Migration[]): Promise<void> {
  for (const migration of migrations) {
    const { number } = migration;
    const done = async () => (await readRecorded(sql, schema)).some((there) => there.number === number);
    await underSchemaLock(sql, { schema, statements: applyOnce(schema, migration), done });
  }
}

const applyOnce = (schema: string, migration: Migration): string => `
  if to_regclass('${quotedSchema(schema)}.migrations') is null then
    create table migrations (
      number integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz(3) not null default clock_timestamp()
    );
  end if;
  if not exists (select from migrations where number = ${migration.number}) then
    ${migration.sql}
    ${record(migration)}
  end if;`;

/**
 * The statement that records a migration. The first migration is recorded before the column `compatible_from` exists.
 */
function record(migration: Migration): string {
  const { number, name, checksum, compatibleFrom } = recorded(migration);
  if (compatibleFrom === null)
    return `insert into migrations (number, name, checksum) values (${number}, '${name}', '${checksum}');`;
  return `insert into migrations (number, name, checksum, compatible_from)
      values (${number}, '${name}', '${checksum}', ${compatibleFrom});`;
}
