import type { CollectionMark } from "../../store-port/collection-lock.js";
import type { RecommendationStore } from "../../store-port/recommendation-store.js";
import { connectionOf } from "./database/connection.js";
import { checkDatabase, type SqliteDatabase } from "./database/sqlite-database.js";
import { preparedSessions } from "./prepared-sessions.js";
import {
  finishCollection,
  markOfOwner,
  readCollection,
  renewCollection,
  startCollection,
} from "./rows/collection-rows.js";
import {
  keepError,
  keepSuccess,
  putRecommendation,
  readFreshness,
  readRecommendations,
  removeOthers,
} from "./rows/recommendation-rows.js";
import { type SqliteStoreOptions, storeOptions } from "./sqlite-options.js";

/**
 * A store of recommendations in a SQLite file that `migrate` has prepared. It may share the file with a `sqliteStore`, and
 * any number of processes of the machine may use it.
 */
export function sqliteRecommendationStore(
  database: SqliteDatabase,
  options: SqliteStoreOptions = {},
): RecommendationStore {
  checkDatabase(database);
  const { busyTimeoutMs, clock } = storeOptions(options);
  const { read, write } = preparedSessions(database, busyTimeoutMs);
  const connection = connectionOf(database);
  /** Does something for the run that has the mark, and nothing for any other. */
  const asOwner = (
    { scope, owner }: { readonly scope: string; readonly owner: string },
    act: (mark: CollectionMark) => void,
  ): Promise<boolean> =>
    write(() => {
      const mark = markOfOwner(connection, scope, owner);
      if (mark !== undefined) act(mark);
      return mark !== undefined;
    });

  return {
    tryStart: (start) => write(() => startCollection(connection, start, clock.now())),
    renew: (run) => asOwner(run, () => renewCollection(connection, { ...run, to: run.owner }, clock.now())),
    handOver: (run) => asOwner(run, () => renewCollection(connection, run, clock.now())),
    finish: (run) => asOwner(run, () => finishCollection(connection, run, clock.now())),
    state: (scope) => read(() => readCollection(connection, scope)),
    put: (sweep, recommendations) =>
      asOwner(sweep, ({ startedAt }) => {
        for (const given of recommendations) putRecommendation(connection, sweep, given, startedAt);
      }),
    completeAccount: (sweep) => asOwner(sweep, () => removeOthers(connection, sweep, sweep.askedAccount)),
    completeSource: (sweep) =>
      asOwner(sweep, () => {
        removeOthers(connection, sweep);
        keepSuccess(connection, sweep, clock.now());
      }),
    failSource: (sweep, error) => asOwner(sweep, () => keepError(connection, sweep, error, clock.now())),
    list: (query) => read(() => readRecommendations(connection, query, clock.now())),
    freshness: (scope) => read(() => readFreshness(connection, scope)),
  };
}
