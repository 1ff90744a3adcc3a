/** The store for a SQLite file, by node:sqlite or better-sqlite3. */

export type { MigrationState } from "../schema/migration-states.js";
export type { SchemaDifference } from "../schema/schema-report.js";
export type { SqliteDatabase, SqliteStatement, SqliteValue } from "./database/sqlite-database.js";
export { openSqlite, type SqliteFile } from "./open-sqlite.js";
export type { SqliteSchemaReport } from "./schema/inspect-schema.js";
export { migrate, verifySchema } from "./schema/migrate.js";
export type { SqliteStoreOptions } from "./sqlite-options.js";
export { sqliteRecommendationStore } from "./sqlite-recommendation-store.js";
export { sqliteStore } from "./sqlite-store.js";
export { sqliteTransaction } from "./sqlite-transaction.js";
