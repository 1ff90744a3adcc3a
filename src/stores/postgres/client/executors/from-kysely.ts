import { checkFunctions } from "../../../../domain/options.js";
import type { SqlClient, SqlRow } from "../sql-client.js";
import { originalColumns } from "./original-columns.js";
import { plainParameters } from "./plain-parameters.js";

/** A compiled query, as `CompiledQuery.raw` makes it. */
interface RawQuery {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly query: { readonly kind: "RawNode"; readonly sqlFragments: readonly string[]; readonly parameters: [] };
  readonly queryId: { readonly queryId: string };
}

/** The part of a `Kysely` that the store needs. */
interface KyselyQueries {
  executeQuery(query: RawQuery): Promise<{ readonly rows: unknown[]; readonly numAffectedRows?: bigint | undefined }>;
}

/**
 * A `Kysely` over PostgreSQL as the driver of the store. A `Transaction` works too.
 *
 * Its plugins are left out, because they are made for the application's own tables.
 */
export function fromKysely(db: { withoutPlugins(): KyselyQueries }): SqlClient {
  checkFunctions("db", db, ["withoutPlugins"]);
  const plain = db.withoutPlugins();
  let queries = 0;
  return {
    async query({ text, values }) {
      queries += 1;
      const { rows, numAffectedRows } = await plain.executeQuery({
        sql: text,
        parameters: plainParameters(values),
        query: { kind: "RawNode", sqlFragments: [text], parameters: [] },
        queryId: { queryId: `buyonce-${queries}` },
      });
      return {
        rows: originalColumns(text, rows as readonly SqlRow[]),
        rowCount: numAffectedRows === undefined ? null : Number(numAffectedRows),
      };
    },
  };
}
