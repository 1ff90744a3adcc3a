/** The store for a PostgreSQL server of your own. */
export type { PostgresStoreOptions } from "./database.js";
export type { SchemaDifference, SchemaReport } from "./drift/schema-report.js";
export { fromDrizzle } from "./executors/from-drizzle.js";
export { fromKysely } from "./executors/from-kysely.js";
export { fromPglite } from "./executors/from-pglite.js";
export { fromPostgresJs } from "./executors/from-postgres-js.js";
export { type MigrateOptions, migrate } from "./migrate.js";
export type { MigrationState } from "./migrations/recorded-migrations.js";
export { postgresStore } from "./postgres-store.js";
export type { SqlClient, SqlResult, SqlRow, SqlStatement } from "./sql-client.js";
export { verifySchema } from "./verify-schema.js";
