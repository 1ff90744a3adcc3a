import { setTimeout as sleep } from "node:timers/promises";
import { storeReadOnly } from "../schema/schema-errors.js";
import type { SqlClient, SqlResult, SqlStatement } from "./sql-client.js";
import { IN_FAILED_TRANSACTION, sqlStateOf } from "./sql-state.js";

/** The errors after which a statement may run again, and the wait before each further try. */
interface Repetition {
  /** SQLSTATEs, and codes of the operating system. */
  readonly codes: readonly string[];
  readonly pausesMs: readonly number[];
}

const REPETITIONS: readonly Repetition[] = [
  // serialization_failure, deadlock_detected: the statement was rolled back. The other statement is done in a moment.
  { codes: ["40001", "40P01"], pausesMs: [5, 10, 20, 40, 80] },
  // There is no connection, so the server never had the statement: nobody listens, cannot_connect_now,
  // too_many_connections. PostgreSQL restarts within a second or two. A purchase that waits longer loses its permit.
  { codes: ["ECONNREFUSED", "57P03", "53300"], pausesMs: [50, 100, 200, 400, 800] },
];

/** read_only_sql_transaction: a replica also gives this code. */
const READ_ONLY = "25006";

/**
 * A client that runs a statement again, a few times, if it is certain that the earlier run changed nothing.
 *
 * Every other error is thrown as it came, because the statement may have been executed. Inside a caller's transaction
 * the first error is thrown, because it aborted the transaction. A server that takes no writes gives `STORE_READ_ONLY`.
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
      // A random pause keeps statements that blocked each other from running again at the same moment.
      await sleep(pauseMs * (0.5 + Math.random()));
    }
  }
}

const pauseAfter = (error: unknown, tries: number): number | undefined =>
  REPETITIONS.find(({ codes }) => codes.includes(sqlStateOf(error) ?? ""))?.pausesMs[tries];
