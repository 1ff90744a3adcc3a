import type { Connection } from "../database/connection.js";
import type { SqliteValue } from "../database/sqlite-database.js";

type Columns = Readonly<Record<string, SqliteValue>>;

/** Inserts a row. */
export function insertRow(connection: Connection, table: string, columns: Columns): void {
  const names = Object.keys(columns);
  const places = names.map(() => "?").join(", ");
  connection.run(`insert into ${table} (${names.join(", ")}) values (${places})`, ...Object.values(columns).map(whole));
}

/** What becomes of a row. */
interface RowChange {
  readonly before: Columns;
  readonly next: Columns;
  /** The columns that the row is found by. */
  readonly where: Columns;
}

/** Updates the columns of a row that change, and so only the indices of these. */
export function updateRow(connection: Connection, table: string, { before, next, where }: RowChange): void {
  const changed = Object.keys(next).filter((name) => next[name] !== before[name]);
  if (changed.length === 0) return;
  const sets = `${changed.join(" = ?, ")} = ?`;
  const found = `${Object.keys(where).join(" = ? and ")} = ?`;
  const values = [...changed.map((name) => next[name] ?? null), ...Object.values(where)];
  connection.run(`update ${table} set ${sets} where ${found}`, ...values.map(whole));
}

/** Times and numbers are stored as whole numbers; a wait may have been computed with fractions. */
const whole = (value: SqliteValue): SqliteValue => (typeof value === "number" ? Math.round(value) : value);
