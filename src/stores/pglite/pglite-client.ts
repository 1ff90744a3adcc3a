import type { PGlite } from "@electric-sql/pglite";
import type { SqlClient } from "../postgres/sql-client.js";

const INT8 = 20;
const NUMERIC = 1700;

/** Numbers that JavaScript cannot hold come as text, as `pg` gives them; PGlite's own choice depends on their size. */
export const PARSERS = {
  [INT8]: (text: string) => text,
  [NUMERIC]: (text: string) => text,
};

/** PGlite as the driver of the PostgreSQL store. It has one session and runs one statement after the other. */
export const pgliteClient = (pglite: PGlite): SqlClient => ({
  async query({ text, values }) {
    const { rows, affectedRows } = await pglite.query<Record<string, unknown>>(text, values);
    return { rows, rowCount: affectedRows ?? null };
  },
});
