import { checkKeys, type KeysOf } from "../../../domain/options.js";
import { checkClient } from "../client/check-client.js";
import type { SqlClient } from "../client/sql-client.js";
import { migrateTo } from "./migrate-to.js";
import { schemaOf } from "./schema-name.js";
import { CURRENT_VERSION } from "./schema-version.js";

/** Where the tables live. */
export interface MigrateOptions {
  /** Lower case letters, digits and underscores; default `buyonce`. */
  readonly schema?: string;
}

/** The names of {@link MigrateOptions}. */
export const MIGRATE_OPTIONS: KeysOf<MigrateOptions> = { schema: true };

/**
 * Brings a schema of the database to this version, creating it where it is missing and repairing what drifted.
 *
 * Any number of processes may call it at once, and again at any time: each migration is applied once, in a transaction
 * of its own, and a process that is killed leaves what the next call completes. Where everything is as it should be it
 * only reads. The role needs CREATE on the database only while the schema does not exist, and must own the schema's
 * tables to change them. `INVALID_SCHEMA`, with what to do, if the schema is one this version may not work on, if what
 * drifted cannot be repaired safely, or if the server or the role does not allow it. Older versions of the library may
 * go on working on the schema; docs/postgres.md says which.
 */
export async function migrate(sql: SqlClient, options: MigrateOptions = {}): Promise<void> {
  checkClient(sql);
  checkKeys("options", options, MIGRATE_OPTIONS);
  await migrateTo(CURRENT_VERSION, sql, schemaOf(options));
}
