/** The store for a PostgreSQL server of your own. */

export type { MigrationState } from "../schema/migration-states.js";
export type { SchemaDifference, SchemaReport } from "../schema/schema-report.js";
export { fromDrizzle } from "./client/executors/from-drizzle.js";
export { fromKysely } from "./client/executors/from-kysely.js";
export { fromPglite } from "./client/executors/from-pglite.js";
export { fromPostgresJs } from "./client/executors/from-postgres-js.js";
export type { SqlClient, SqlResult, SqlRow, SqlStatement } from "./client/sql-client.js";
export type { PostgresStoreOptions } from "./database.js";
export { postgresRecommendationStore } from "./postgres-recommendation-store.js";
export { postgresStore } from "./postgres-store.js";
export { type MigrateOptions, migrate } from "./schema/migrate.js";
export { verifySchema } from "./schema/verify-schema.js";
