import { invalidArgument } from "../../../domain/input-problem.js";

/** What a statement takes and gives. */
export type SqliteValue = string | number | null;

/** The part of a prepared statement that buyonce uses. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): unknown;
  get(...values: SqliteValue[]): unknown;
  all(...values: SqliteValue[]): unknown[];
}

/**
 * An open SQLite database: `new DatabaseSync(path)` of `node:sqlite`, or `new Database(path)` of better-sqlite3.
 *
 * buyonce uses its connection only while one of its calls runs, and never while another transaction is open on it.
 */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
}

/** Refuses what is no database with `INVALID_REQUEST`. */
export function checkDatabase(database: SqliteDatabase): void {
  if (typeof database?.exec === "function" && typeof database.prepare === "function") return;
  const problem =
    "must be an open database: new DatabaseSync(path) of node:sqlite, or new Database(path) of better-sqlite3";
  throw invalidArgument("database", problem);
}
