import { type Migration, recorded } from "../../../schema/migration.js";
import type { SqlClient } from "../../client/sql-client.js";
import { quotedSchema } from "../schema-name.js";
import { underSchemaLock } from "../under-schema-lock.js";
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
 * The statements that record a migration. The first one is recorded before the column `compatible_from` exists, and a
 * database that lost this column gets it back only once all migrations are applied.
 */
function record(migration: Migration): string {
  const { number, name, checksum, compatibleFrom } = recorded(migration);
  const insert = `insert into migrations (number, name, checksum) values (${number}, '${name}', '${checksum}');`;
  if (compatibleFrom === null) return insert;
  return `${insert}
    if exists (select from pg_attribute
                where attrelid = 'migrations'::regclass and attname = 'compatible_from' and not attisdropped) then
      update migrations set compatible_from = ${compatibleFrom} where number = ${number};
    end if;`;
}
