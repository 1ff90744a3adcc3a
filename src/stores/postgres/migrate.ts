import { ALL_MIGRATIONS } from "./migrations/all-migrations.js";
import { type Migration, recorded } from "./migrations/migration.js";
import { DEFAULT_SCHEMA, quotedSchema } from "./schema-name.js";
import type { SqlClient } from "./sql-client.js";
import { verifySchema } from "./verify-schema.js";

/** Where the tables live. */
export interface MigrateOptions {
  /** Lower case letters, digits and underscores; default `buyonce`. */
  readonly schema?: string;
}

/**
 * Brings a schema of the database to this version, creating it where it is missing.
 *
 * Any number of processes may call it at once, and again at any time: each migration is applied once, in a transaction
 * of its own. The role needs CREATE on the database only while the schema does not exist. `INVALID_SCHEMA` if the
 * schema holds migrations that this version does not know or that were altered.
 */
export async function migrate(sql: SqlClient, options: MigrateOptions = {}): Promise<void> {
  const schema = options.schema ?? DEFAULT_SCHEMA;
  quotedSchema(schema);
  for (const migration of ALL_MIGRATIONS) await sql.query({ text: applyOnce(schema, migration), values: [] });
  await verifySchema(sql, schema);
}

/**
 * One migration as a single statement, because consecutive statements of a pool may run on different connections.
 *
 * The advisory lock lets racing processes through one after the other; each statement of the block sees what the one
 * before it committed. The search path is put back, in case the caller's client is inside a transaction.
 */
const applyOnce = (schema: string, migration: Migration): string => {
  const quoted = quotedSchema(schema);
  const { number, name, checksum } = recorded(migration);
  return `do $migration$
declare
  previous_path text := current_setting('search_path');
begin
  perform pg_advisory_xact_lock(hashtextextended('buyonce migrations of ${schema}', 0));
  if to_regnamespace('${quoted}') is null then
    create schema ${quoted};
  end if;
  if to_regclass('${quoted}.migrations') is null then
    create table ${quoted}.migrations (
      number integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz(3) not null default clock_timestamp()
    );
  end if;
  if exists (select from ${quoted}.migrations where number = ${number}) then
    return;
  end if;
  perform set_config('search_path', '${quoted}', true);
  ${migration.sql}
  insert into ${quoted}.migrations (number, name, checksum) values (${number}, '${name}', '${checksum}');
  perform set_config('search_path', previous_path, true);
end
$migration$`;
};
