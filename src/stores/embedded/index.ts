/** A local PostgreSQL server as the store's default home. */
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, embeddedPostgres } from "./embedded-postgres.js";
