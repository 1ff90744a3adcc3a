import type { RowsAgainst } from "../../../schema/schema-report.js";
import type { SqlClient } from "../../client/sql-client.js";
import { quotedSchema } from "../schema-name.js";
import type { Obstacle } from "./obstacle.js";

/** Where to look for the rows of an obstacle. */
interface Place {
  readonly schema: string;
  readonly table: string;
  /** The columns that identify a row. */
  readonly identity: readonly string[];
}

/** Looks for the rows of an obstacle. `undefined` if there are none. */
export async function rowsAgainst(
  sql: SqlClient,
  { condition }: Obstacle,
  { schema, table, identity }: Place,
): Promise<RowsAgainst | undefined> {
  const quoted = quotedSchema(schema);
  const matching = `from ${quoted}."${table}" t where ${condition(quoted)}`;
  const { rows } = await sql.query({
    text: `select json_build_object(
             'total', (select count(*) ${matching}),
             'rows', (select json_agg(row_to_json(named)) from (select ${identity} ${matching} order by ${identity} limit 10) named)
           )::text as against`,
    values: [],
  });
  const against = JSON.parse(String(rows[0]?.["against"])) as RowsAgainst;
  return against.total === 0 ? undefined : against;
}
