import { type BuyonceError, messageOf } from "../../domain/errors.js";
import { invalidArgument } from "../../domain/input-problem.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import type { RecommendationStore } from "../../store-port/recommendation-store.js";
import { importPeer } from "../local/import-peer.js";
import { isSound } from "./database/open-file.js";
import type { SqliteDatabase } from "./database/sqlite-database.js";
import { isNoFile } from "./database/sqlite-error.js";
import { migrate } from "./schema/migrate.js";
import { sqliteRecommendationStore } from "./sqlite-recommendation-store.js";
import { sqliteStore } from "./sqlite-store.js";

/** An open SQLite file, with the stores in it. */
export interface SqliteFile {
  readonly store: ExecutionStore;
  readonly recommendations: RecommendationStore;
  /** The open database, for `sqliteTransaction` and for your own tables. */
  readonly database: SqliteDatabase;
  /** Closes the file. Call it after the last call of a store. */
  close(): void;
}

type Driver = new (file: string) => SqliteDatabase & { close(): void };

/**
 * Opens a SQLite file, creates and migrates it if needed, and returns its stores.
 *
 * It takes the SQLite of Node.js if that is there and sound (Node.js 22.22.3 and newer), else the optional peer
 * `better-sqlite3` (`DEPENDENCY_MISSING`). A path that cannot be opened is refused with `INVALID_REQUEST`. With a database of your own, call `migrate` and `sqliteStore` in its place.
 */
export async function openSqlite(file: string): Promise<SqliteFile> {
  if (typeof file !== "string" || file === "") throw invalidArgument("file", "must be the path of a SQLite file");
  const Database = nodeDriver() ?? (await peerDriver());
  let database: InstanceType<Driver> | undefined;
  try {
    database = new Database(file);
    await migrate(database);
    return {
      store: sqliteStore(database),
      recommendations: sqliteRecommendationStore(database),
      database,
      close: database.close.bind(database),
    };
  } catch (error) {
    database?.close();
    throw isNoFile(error) ? cannotOpen(file, error) : error;
  }
}

/** The error for a path where no SQLite file is and none can be made. */
const cannotOpen = (file: string, cause: unknown): BuyonceError =>
  invalidArgument(
    "file",
    `must be the path of a SQLite file in a folder that exists; ${file} cannot be opened: ${messageOf(cause)}`,
    cause,
  );

/** The driver of Node.js, if it brings a SQLite that can be trusted with a file. */
function nodeDriver(): Driver | undefined {
  const module: { readonly DatabaseSync?: Driver } | undefined = process.getBuiltinModule?.("node:sqlite");
  if (module?.DatabaseSync === undefined) return undefined;
  const probe = new module.DatabaseSync(":memory:");
  try {
    const { version } = Object(probe.prepare("select sqlite_version() as version").get());
    return isSound(String(version)) ? module.DatabaseSync : undefined;
  } finally {
    probe.close();
  }
}

async function peerDriver(): Promise<Driver> {
  const instead = " (Node.js 22.22.3 and newer of its line, and 24.15 and newer, need no package)";
  const { default: Database } = await importPeer("better-sqlite3", () => import("better-sqlite3"), instead);
  return Database;
}
