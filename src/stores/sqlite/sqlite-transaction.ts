import { BuyonceError } from "../../domain/errors.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import { connectionOf } from "./database/connection.js";
import { innerSessions } from "./database/sessions.js";
import { checkDatabase, type SqliteDatabase } from "./database/sqlite-database.js";
import { preparedSessions } from "./prepared-sessions.js";
import { type SqliteStoreOptions, storeOptions } from "./sqlite-options.js";
import { storeOver } from "./store-over.js";

/**
 * Runs a function in one transaction, in which decisions of the engine and your own statements are stored together or not
 * at all: `sqliteTransaction(database, async (store) => { ...; await engine.withStore(store).submit(...) })`.
 *
 * It commits once the function has ended, and rolls back if the function throws. All other calls on this file wait
 * meanwhile, those of this process in a queue. So use only the store that is handed over, and wait for nothing slow: whoever waits longer
 * than `busyTimeoutMs` gets `STORE_BUSY`. Nothing is bought inside (`STORE_IN_TRANSACTION`), because a rollback would
 * forget the purchase.
 */
export async function sqliteTransaction<Result>(
  database: SqliteDatabase,
  body: (store: ExecutionStore) => Promise<Result>,
  options: SqliteStoreOptions = {},
): Promise<Result> {
  checkDatabase(database);
  const { busyTimeoutMs, clock } = storeOptions(options);
  const connection = connectionOf(database);
  const inner = innerSessions(connection);
  try {
    return await preparedSessions(database, busyTimeoutMs).hold(async () =>
      body(withoutSends(storeOver({ connection, sessions: inner, clock }))),
    );
  } finally {
    inner.end();
  }
}

/** A store that refuses to write a submission ahead. */
const withoutSends = (store: ExecutionStore): ExecutionStore => ({
  ...store,
  async commit(change) {
    if (change.lines?.some(({ stampSubmission }) => stampSubmission))
      throw new BuyonceError(
        "STORE_IN_TRANSACTION",
        "Nothing was sent: the store is that of an open transaction, and its rollback would forget the purchase.",
      );
    return await store.commit(change);
  },
});
