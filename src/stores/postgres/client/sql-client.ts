/** One row by column name. Its values are decoded by the reader, never trusted as they are. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** One statement with its parameters. */
export interface SqlStatement {
  readonly text: string;
  /** Empty for a statement without parameters. */
  values: unknown[];
  /** If set, the server may keep the parsed statement under this name for the connection. */
  readonly name?: string;
}

/** The result of one statement. */
export interface SqlResult {
  readonly rows: readonly SqlRow[];
  readonly rowCount: number | null;
}

/**
 * The part of a PostgreSQL driver that the store needs: one parameterized statement at a time.
 *
 * `pg.Pool` and `pg.Client` satisfy it as they are. Every statement of the store is complete in itself, so a pool may
 * give each call another connection. A client inside an open transaction works too. Others then see the store's changes
 * when that transaction commits, and a refusal by a unique index aborts it. Such a client cannot buy
 * (`STORE_IN_TRANSACTION`). Errors carry the SQLSTATE as `code` and the constraint's name as `constraint` or
 * `constraint_name`.
 */
export interface SqlClient {
  query(statement: SqlStatement): Promise<SqlResult>;
}
