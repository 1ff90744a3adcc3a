import { isError } from "../../../../domain/is-error.js";
import type { SqlClient, SqlResult, SqlRow } from "../sql-client.js";
import { originalColumns } from "./original-columns.js";
import { plainParameters } from "./plain-parameters.js";

/** The part of a Drizzle database that the store needs. */
interface DrizzleDatabase {
  execute(query: { getSQL(): unknown } | string): PromiseLike<unknown>;
}

/**
 * A Drizzle database over `node-postgres`, `postgres-js` or `pglite` as the driver of the store. The transaction that
 * `db.transaction` gives works too.
 */
export const fromDrizzle = (db: DrizzleDatabase): SqlClient => ({
  async query({ text, values }) {
    const query = { sql: text, params: plainParameters(values) };
    // Drizzle's dialects need only `toQuery` of a query. Drizzle's own `sql` would number the parameters anew.
    const result = await driverErrors(db.execute({ getSQL: () => ({ toQuery: () => query }) }));
    return { rows: originalColumns(text, rowsOf(result)), rowCount: null };
  },
});

/** Throws the driver's own error. The message of Drizzle's error holds every parameter, lineage keys among them. */
async function driverErrors(result: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await result;
  } catch (thrown) {
    throw isError(thrown) && "params" in thrown && isError(thrown.cause) ? thrown.cause : thrown;
  }
}

/**
 * The rows of a result. `postgres-js` answers with the rows themselves, the other drivers with an object that has them.
 */
const rowsOf = (result: unknown): readonly SqlRow[] =>
  Array.isArray(result) ? [...result] : (result as Pick<SqlResult, "rows">).rows;
