import { setTimeout as sleep } from "node:timers/promises";
import { storeReadOnly } from "../schema/schema-errors.js";
import type { SqlClient, SqlResult, SqlStatement } from "./sql-client.js";
import { IN_FAILED_TRANSACTION, sqlStateOf } from "./sql-state.js";

/** After which errors a statement may run again, and how long to wait before each further try. */
interface Repetition {
  /** SQLSTATEs, and codes of the operating system. */
  readonly codes: readonly string[];
  readonly pausesMs: readonly number[];
}

const REPETITIONS: readonly Repetition[] = [
  // serialization_failure, deadlock_detected: the statement was rolled back. Whoever was first is done in a moment.
  { codes: ["40001", "40P01"], pausesMs: [5, 10, 20, 40, 80] },
  // No connection, so the server never had the statement: nobody listens, cannot_connect_now, too_many_connections.
  // PostgreSQL restarts within a second or two; a purchase that waits for longer loses its permit.
  { codes: ["ECONNREFUSED", "57P03", "53300"], pausesMs: [50, 100, 200, 400, 800] },
];

/** read_only_sql_transaction: also what a replica says */
const READ_ONLY = "25006";

/**
 * A client that runs a statement again where it is certain that the first run changed nothing, a few times.
 *
 * Every other error is thrown as it came: the statement may have been executed. Inside a caller's transaction the first
 * error is thrown, since it aborted the transaction. A server that takes no writes is `STORE_READ_ONLY`.
 */
export const retryingClient = (sql: SqlClient): SqlClient => ({
  async query(statement) {
    try {
      return await runWithRetries(sql, statement);
    } catch (error) {
      throw sqlStateOf(error) === READ_ONLY ? storeReadOnly(error) : error;
    }
  },
});

async function runWithRetries(sql: SqlClient, statement: SqlStatement): Promise<SqlResult> {
  let first: unknown;
  for (let tries = 0; ; tries += 1) {
    try {
      return await sql.query(statement);
    } catch (error) {
      if (first !== undefined && sqlStateOf(error) === IN_FAILED_TRANSACTION) throw first;
      first ??= error;
      const pauseMs = pauseAfter(error, tries);
      if (pauseMs === undefined) throw error;
      // Those who got into each other's way do not come back at the same moment.
      await sleep(pauseMs * (0.5 + Math.random()));
    }
  }
}

const pauseAfter = (error: unknown, tries: number): number | undefined =>
  REPETITIONS.find(({ codes }) => codes.includes(sqlStateOf(error) ?? ""))?.pausesMs[tries];
