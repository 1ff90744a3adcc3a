import type Database from "better-sqlite3";
import type { SqliteDatabase, SqliteValue } from "../../../src/stores/sqlite/index.js";

/** What went through a database. */
export interface Traffic {
  /** Each text that ran, once. */
  readonly texts: ReadonlySet<string>;
  /** How many statements ran, without those that begin and end transactions. */
  readonly statements: number;
  /** How many rows were read. */
  readonly rows: number;
}

/** A database that counts what goes through it. */
export interface CountedDatabase extends SqliteDatabase {
  /** What a call sends. */
  during(call: () => Promise<unknown>): Promise<Traffic>;
}

/** Counts the statements and rows of a database. */
export function countedDatabase(database: Database.Database): CountedDatabase {
  let [texts, statements, rows] = [new Set<string>(), 0, 0];
  const ran = (sql: string, found = 0) => {
    if (/^\s*(begin|commit|pragma|rollback)/.test(sql)) return;
    texts.add(sql);
    statements += 1;
    rows += found;
  };
  return {
    exec: (sql) => database.exec(sql),
    prepare(sql) {
      const statement = database.prepare<SqliteValue[]>(sql);
      return {
        run(...values: SqliteValue[]) {
          ran(sql);
          return statement.run(...values);
        },
        get(...values: SqliteValue[]) {
          const row = statement.get(...values);
          ran(sql, row === undefined ? 0 : 1);
          return row;
        },
        all(...values: SqliteValue[]) {
          const found = statement.all(...values);
          ran(sql, found.length);
          return found;
        },
      };
    },
    async during(call) {
      [texts, statements, rows] = [new Set(), 0, 0];
      await call();
      return { texts, statements, rows };
    },
  };
}
