import { BuyonceError, messageOf } from "../../../domain/errors.js";

/** Primary result codes of SQLite, by the names that better-sqlite3 gives them. */
const CODES = { SQLITE_BUSY: 5, SQLITE_READONLY: 8, SQLITE_CANTOPEN: 14, SQLITE_NOTADB: 26 } as const;

/** Whether an error of a driver has a result code, or an extended code of it. */
const hasCode = (error: unknown, name: keyof typeof CODES): boolean => {
  const { code, errcode } = Object(error) as { readonly code?: unknown; readonly errcode?: unknown };
  // node:sqlite tells the extended code, whose low byte is the primary one.
  if (typeof errcode === "number") return (errcode & 0xff) === CODES[name];
  return typeof code === "string" && (code === name || code.startsWith(`${name}_`));
};

/** Whether another connection holds a lock that the statement needs. */
export const isBusy = (error: unknown): boolean => hasCode(error, "SQLITE_BUSY");

/** Whether a path has no SQLite file. better-sqlite3 tells a missing folder without a code. */
export const isNoFile = (error: unknown): boolean =>
  hasCode(error, "SQLITE_CANTOPEN") ||
  hasCode(error, "SQLITE_NOTADB") ||
  /directory does not exist/.test(messageOf(error));

/** Whether a transaction could not begin because one is open on the connection already. */
export const isInsideTransaction = (error: unknown): boolean => /within a transaction/.test(messageOf(error));

/** The error itself, or `STORE_READ_ONLY` for a database that takes no writes. */
export const explained = (error: unknown): unknown =>
  hasCode(error, "SQLITE_READONLY")
    ? new BuyonceError(
        "STORE_READ_ONLY",
        `Nothing was stored: the database takes no writes (${messageOf(error)}). Open it read-write, as an account that may write the file and its folder.`,
        { cause: error },
      )
    : error;
