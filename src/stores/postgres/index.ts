/** The store for a PostgreSQL server of your own. */
export type { PostgresStoreOptions } from "./database.js";
export { type MigrateOptions, migrate } from "./migrate.js";
export { postgresStore } from "./postgres-store.js";
export type { SqlClient, SqlResult, SqlRow, SqlStatement } from "./sql-client.js";
