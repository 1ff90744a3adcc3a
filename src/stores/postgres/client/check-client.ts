import { invalidArgument } from "../../../domain/input-problem.js";
import type { SqlClient } from "./sql-client.js";

/** Refuses a client without `query`, such as a query builder without its adapter, with `INVALID_REQUEST`. */
export function checkClient(sql: SqlClient): void {
  if (typeof sql?.query === "function") return;
  const problem =
    "must be a pg.Pool or pg.Client, or another driver through fromPostgresJs, fromKysely, fromDrizzle or fromPglite";
  throw invalidArgument("sql", problem);
}
