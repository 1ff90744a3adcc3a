import type { SqlClient, SqlRow } from "../sql-client.js";
import { originalColumns } from "./original-columns.js";
import { type PlainParameter, plainParameters } from "./plain-parameters.js";

/** The part of a `sql` of the package `postgres` that the store needs. */
interface PostgresJs {
  unsafe(
    text: string,
    values: PlainParameter[],
    options: { readonly prepare: boolean },
  ): PromiseLike<readonly SqlRow[] & { readonly count: number | null }>;
}

/**
 * A `sql` of the package `postgres` (postgres.js) as the driver of the store. The `sql` that `sql.begin` or
 * `sql.reserve` gives works too.
 *
 * Its own settings stay. `transform` and `types` do not change what the store reads, and `prepare: false` is kept.
 */
export const fromPostgresJs = (sql: PostgresJs): SqlClient => ({
  async query({ text, values, name }) {
    const result = await sql.unsafe(text, plainParameters(values), { prepare: name !== undefined });
    return { rows: originalColumns(text, [...result]), rowCount: result.count };
  },
});
