import { join } from "node:path";
import Database from "better-sqlite3";
import { onTestFinished } from "vitest";
import { migrate } from "../../../src/stores/sqlite/index.js";
import { temporaryFolder } from "./test-database.js";

/** A SQLite file on disk. */
export interface SqliteFile {
  readonly path: string;
  readonly database: Database.Database;
  /** Another connection to the file. It is closed with the file. */
  connect(): Database.Database;
  remove(): Promise<void>;
}

/** Makes a migrated file in a folder of its own. */
export async function sqliteFile(): Promise<SqliteFile> {
  const file = await emptyFile();
  await migrate(file.database);
  return file;
}

async function emptyFile(): Promise<SqliteFile> {
  const folder = await temporaryFolder();
  const path = join(folder.path, "store.db");
  const databases: Database.Database[] = [];
  const connect = () => {
    const database = new Database(path);
    databases.push(database);
    return database;
  };
  return {
    path,
    database: connect(),
    connect,
    async remove() {
      for (const one of databases) one.close();
      await folder.remove();
    },
  };
}

/** A migrated file that goes with the test. */
export const sqliteFileForTest = async (): Promise<SqliteFile> => forTest(await sqliteFile());

/** A file without tables that goes with the test. */
export const emptyFileForTest = async (): Promise<SqliteFile> => forTest(await emptyFile());

function forTest(file: SqliteFile): SqliteFile {
  onTestFinished(() => file.remove());
  return file;
}
