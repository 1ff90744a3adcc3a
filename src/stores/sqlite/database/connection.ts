import type { SqliteDatabase, SqliteStatement, SqliteValue } from "./sqlite-database.js";

/** A row, by the names of its columns. */
export type Row = Readonly<Record<string, SqliteValue>>;

/** Runs statements on one connection. Each text is prepared once. */
export interface Connection {
  exec(sql: string): void;
  run(sql: string, ...values: readonly SqliteValue[]): void;
  get(sql: string, ...values: readonly SqliteValue[]): Row | undefined;
  all(sql: string, ...values: readonly SqliteValue[]): readonly Row[];
}

const connections = new WeakMap<SqliteDatabase, Connection>();

/** The connection of a database. All stores over one database share it. */
export function connectionOf(database: SqliteDatabase): Connection {
  const known = connections.get(database) ?? connection(database);
  connections.set(database, known);
  return known;
}

function connection(database: SqliteDatabase): Connection {
  const statements = new Map<string, SqliteStatement>();
  const statement = (sql: string): SqliteStatement => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  return {
    exec: (sql) => void database.exec(sql),
    run: (sql, ...values) => void statement(sql).run(...values),
    get: (sql, ...values) => statement(sql).get(...values) as Row | undefined,
    all: (sql, ...values) => statement(sql).all(...values) as Row[],
  };
}
