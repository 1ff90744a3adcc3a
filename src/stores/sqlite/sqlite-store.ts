import type { ExecutionStore } from "../../store-port/execution-store.js";
import { connectionOf } from "./database/connection.js";
import { checkDatabase, type SqliteDatabase } from "./database/sqlite-database.js";
import { preparedSessions } from "./prepared-sessions.js";
import { type SqliteStoreOptions, storeOptions } from "./sqlite-options.js";
import { storeOver } from "./store-over.js";

/**
 * A store in a SQLite file that `migrate` has prepared: durable, for any number of processes on one machine.
 *
 * `database` is an open one of `node:sqlite` or of better-sqlite3. The first call sets what the store relies on (a
 * write-ahead log, FULL durability) and throws `UNSAFE_DATABASE` if that does not hold, or `INVALID_SCHEMA` if this
 * version may not work on the tables. Close the database after the last call; the store itself keeps nothing open.
 */
export function sqliteStore(database: SqliteDatabase, options: SqliteStoreOptions = {}): ExecutionStore {
  checkDatabase(database);
  const { busyTimeoutMs, clock } = storeOptions(options);
  const sessions = preparedSessions(database, busyTimeoutMs);
  return storeOver({ connection: connectionOf(database), sessions, clock });
}
