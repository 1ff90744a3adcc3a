import { invalidArgument } from "../../../domain/input-problem.js";

/** What a statement takes and gives. */
export type SqliteValue = string | number | null;

/**
 * The part of a prepared statement that buyonce uses. It gives only a {@link SqliteValue} to a statement.
 *
 * The parameters are `unknown` because drivers type them differently. For TypeScript before 6, those of better-sqlite3 are
 * `{}`, which neither takes null nor is a {@link SqliteValue}.
 */
export interface SqliteStatement {
  run(...values: unknown[]): unknown;
  get(...values: unknown[]): unknown;
  all(...values: unknown[]): unknown[];
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
