import { checkKeys, type KeysOf } from "../../../domain/options.js";
import { checkClient } from "../client/check-client.js";
import type { SqlClient } from "../client/sql-client.js";
import { migrateTo } from "./migrate-to.js";
import { schemaOf } from "./schema-name.js";
import { CURRENT_VERSION } from "./schema-version.js";

/** Where the tables are. */
export interface MigrateOptions {
  /** The schema name: lower case letters, digits and underscores. Default `buyonce`. */
  readonly schema?: string;
}

/** The names of {@link MigrateOptions}. */
export const MIGRATE_OPTIONS: KeysOf<MigrateOptions> = { schema: true };

/**
 * Brings a schema of the database to this version. It creates a missing schema, and repairs objects that drifted.
 *
 * Any number of processes may call it at once, and again at any time. Each migration is applied once, in a transaction
 * of its own. If a process is killed, the next call completes its work. If nothing has to change, it only reads.
 *
 * The role needs CREATE on the database only while the schema does not exist. It must own the schema's tables to change
 * them. `INVALID_SCHEMA` says what to do if this version may not work on the schema, if a repair is not safe, or if the
 * server or the role does not allow the change. Some older versions of the library may still work on the schema;
 * docs/postgres.md says which.
 */
export async function migrate(sql: SqlClient, options: MigrateOptions = {}): Promise<void> {
  checkClient(sql);
  checkKeys("options", options, MIGRATE_OPTIONS);
  await migrateTo(CURRENT_VERSION, sql, schemaOf(options));
}
