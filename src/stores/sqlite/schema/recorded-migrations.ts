import { type Migration, type RecordedMigration, recorded } from "../../schema/migration.js";
import type { Connection } from "../database/connection.js";
import { numberOrNull } from "../rows/json-column.js";

const MIGRATIONS = `
create table if not exists buyonce_migrations (
  number integer primary key,
  name text not null,
  checksum text not null,
  -- Null: no version of the library that does not know the migration may work on the tables.
  compatible_from integer,
  applied_at integer not null
) strict;
`;

/** Reads the recorded migrations. There are none if the table does not exist. */
export function readRecorded(connection: Connection): readonly RecordedMigration[] {
  const table = connection.get("select 1 from sqlite_schema where type = 'table' and name = 'buyonce_migrations'");
  if (table === undefined) return [];
  return connection.all("select * from buyonce_migrations order by number").map((row) => ({
    number: Number(row["number"]),
    name: String(row["name"]),
    checksum: String(row["checksum"]),
    compatibleFrom: numberOrNull(row["compatible_from"]),
  }));
}

/** Applies a migration and records it, in the transaction that is open. */
export function applyMigration(connection: Pick<Connection, "exec" | "run">, migration: Migration, now: number): void {
  const { number, name, checksum, compatibleFrom } = recorded(migration);
  connection.exec(MIGRATIONS);
  connection.exec(migration.sql);
  connection.run(
    "insert into buyonce_migrations (number, name, checksum, compatible_from, applied_at) values (?, ?, ?, ?, ?)",
    ...[number, name, checksum, compatibleFrom, now],
  );
}
