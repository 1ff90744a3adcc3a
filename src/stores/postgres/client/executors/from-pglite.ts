import { checkFunctions } from "../../../../domain/options.js";
import type { SqlClient, SqlRow } from "../sql-client.js";
import { type PgliteSession, preparedOnPglite } from "./prepared-on-pglite.js";

/** The part of a PGlite that the store needs. */
interface PgliteQueries {
  query<Row extends SqlRow>(
    text: string,
    values: unknown[],
  ): Promise<{ readonly rows: Row[]; readonly affectedRows?: number }>;
}

/**
 * A PGlite of your own as the driver of the store. The transaction that `pglite.transaction` gives works too.
 *
 * PGlite syncs nothing to disk, and two processes destroy its folder. `pgliteStore` guards against both, `fromPglite`
 * does not.
 */
export function fromPglite(pglite: PgliteQueries | (PgliteQueries & PgliteSession)): SqlClient {
  checkFunctions("pglite", pglite, ["query"]);
  const prepared = "execProtocol" in pglite && "isInTransaction" in pglite ? preparedOnPglite(pglite) : undefined;
  return {
    async query({ text, values, name }) {
      const result = name === undefined ? undefined : await prepared?.({ text, values, name });
      if (result !== undefined) return result;
      const { rows, affectedRows } = await pglite.query<SqlRow>(text, values);
      return { rows, rowCount: affectedRows ?? null };
    },
  };
}
