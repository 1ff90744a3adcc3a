import { BuyonceError, messageOf } from "../../../domain/errors.js";
import { isError } from "../../../domain/is-error.js";
import { sqlStateOf } from "../client/sql-state.js";

const TIMEOUT =
  "A timeout ended this step, which changed nothing. Call migrate again when the tables are quiet, or raise statement_timeout, lock_timeout and transaction_timeout for the role that migrates.";
const IN_THE_WAY =
  "An object that no recorded migration made is in the way: rename it if it is yours. If the schema came from a backup without the table migrations, restore that table too.";

/** What to do about an SQLSTATE that is caused by the server or the role, not by our statements. */
const ADVICE: Readonly<Record<string, string>> = {
  // insufficient_privilege
  "42501":
    "The role lacks a right. Migrate as the owner of the schema and its tables. If the schema does not exist, let an administrator create it with AUTHORIZATION for that role. A store needs USAGE on the schema and SELECT, INSERT and UPDATE on its tables, and DELETE on commitments.",
  // read_only_sql_transaction
  "25006": "The server or the session is read-only: connect to the primary server.",
  // query_canceled, lock_not_available, transaction_timeout
  "57014": TIMEOUT,
  "55P03": TIMEOUT,
  "25P04": TIMEOUT,
  // duplicate_table, duplicate_object
  "42P07": IN_THE_WAY,
  "42710": IN_THE_WAY,
};

/** Runs a function. An error of the driver gets advice on what to do, if that is known. */
export async function withAdvice<Result>(schema: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    const advice = ADVICE[sqlStateOf(error) ?? ""];
    if (advice === undefined || !isError(error)) throw error;
    throw invalidSchema(schema, `cannot be used or migrated: ${error.message}. ${advice}`, { cause: error });
  }
}

/** `INVALID_SCHEMA` about one schema. */
export const invalidSchema = (
  schema: string,
  problem: string,
  { cause, ...details }: Readonly<Record<string, unknown>> = {},
): BuyonceError =>
  new BuyonceError("INVALID_SCHEMA", `Schema "${schema}" ${problem}`, { cause, details: { schema, ...details } });

/** `STORE_READ_ONLY`, for a server or a session that takes no writes. */
export const storeReadOnly = (cause: unknown): BuyonceError =>
  new BuyonceError(
    "STORE_READ_ONLY",
    `Nothing was stored: the database takes no writes (${messageOf(cause)}). Connect to the primary server, read-write.`,
    { cause },
  );
