import type { RecommendationStore } from "../../store-port/recommendation-store.js";
import { checkClient } from "./client/check-client.js";
import type { SqlClient } from "./client/sql-client.js";
import { checkStoreOptions, database, type PostgresStoreOptions } from "./database.js";
import { collectionLock } from "./statements/collection-lock.js";
import { completeAccount, completeSource, failSource, sourceFreshness } from "./statements/recommendation-sources.js";
import { listRecommendations, putRecommendations } from "./statements/recommendations.js";

/**
 * A store of recommendations in a PostgreSQL database whose schema `migrate` has prepared. It may share the schema with a
 * `postgresStore`, and any number of processes may use it.
 */
export function postgresRecommendationStore(sql: SqlClient, options: PostgresStoreOptions = {}): RecommendationStore {
  checkClient(sql);
  checkStoreOptions(options);
  const schema = database(sql, options);
  return {
    ...collectionLock(schema),
    put: putRecommendations(schema),
    completeAccount: completeAccount(schema),
    completeSource: completeSource(schema),
    failSource: failSource(schema),
    list: listRecommendations(schema),
    freshness: sourceFreshness(schema),
  };
}
