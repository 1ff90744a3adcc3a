import { migrationProblem } from "../../schema/migration-problem.js";
import { migrationStates } from "../../schema/migration-states.js";
import { type OwnSessions, ownSessions } from "../database/sessions.js";
import { checkDatabase, type SqliteDatabase } from "../database/sqlite-database.js";
import { type SqliteStoreOptions, storeOptions } from "../sqlite-options.js";
import { inspectSchema, type SqliteSchemaReport } from "./inspect-schema.js";
import { ALL_MIGRATIONS } from "./migrations/all-migrations.js";
import { applyMigration, readRecorded } from "./recorded-migrations.js";
import { requireSchema } from "./require-schema.js";
import { invalidSchema } from "./schema-errors.js";

/**
 * Brings the tables of a file to this version: it makes missing ones, and repairs indices that are gone.
 *
 * Any number of processes may call it at once, and again at any time. Each migration is applied once, in a transaction
 * of its own, so a killed process leaves nothing half done. Tables of your own in the file are left alone. `INVALID_SCHEMA` says what
 * to do if this version may not work on the file, or if a repair is not safe.
 */
export async function migrate(database: SqliteDatabase, options: SqliteStoreOptions = {}): Promise<void> {
  checkDatabase(database);
  const { busyTimeoutMs, clock } = storeOptions(options);
  const sessions = ownSessions(database, busyTimeoutMs);
  // A file that has everything is only read.
  if (await isUsable(sessions)) return;
  for (const migration of ALL_MIGRATIONS)
    await sessions.write((connection) => {
      const states = migrationStates(ALL_MIGRATIONS, readRecorded(connection));
      const problem = migrationProblem(states);
      if (problem !== undefined) throw invalidSchema(problem, { migrations: states });
      const state = states.find(({ number }) => number === migration.number)?.state;
      if (state === "missing") applyMigration(connection, migration, clock.now());
    });
  await sessions.write((connection) => {
    for (const { repair, expected } of inspectSchema(connection).differences)
      if (repair === "migrate" && expected !== null) connection.exec(expected);
    requireSchema(connection);
  });
}

const isUsable = (sessions: OwnSessions): Promise<boolean> =>
  sessions.read((connection) => inspectSchema(connection).sound);

/**
 * Compares the tables of a file with those that this version's migrations make, and tells what `migrate` would repair.
 *
 * It only reads, and unlike `migrate` it never throws because of a difference.
 */
export async function verifySchema(
  database: SqliteDatabase,
  options: SqliteStoreOptions = {},
): Promise<SqliteSchemaReport> {
  checkDatabase(database);
  const { busyTimeoutMs } = storeOptions(options);
  return await ownSessions(database, busyTimeoutMs).read(inspectSchema);
}
