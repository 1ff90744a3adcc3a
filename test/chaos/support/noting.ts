import { sqlStateOf } from "../../../src/stores/postgres/client/sql-state.js";
import type { SqlClient } from "../../../src/stores/postgres/index.js";

/** A client that notes the SQLSTATEs and codes of what fails, and tells of each at once. */
export function noting(sql: SqlClient, onError: (code: string) => unknown = () => {}) {
  const codes: string[] = [];
  const client: SqlClient = {
    query: (statement) =>
      sql.query(statement).catch((error: unknown) => {
        const code = sqlStateOf(error) ?? String(error);
        codes.push(code);
        onError(code);
        throw error;
      }),
  };
  return { client, codes };
}
