import { checkKeys } from "../../../domain/options.js";
import type { SchemaReport } from "../../schema/schema-report.js";
import { checkClient } from "../client/check-client.js";
import type { SqlClient } from "../client/sql-client.js";
import { inspectSchema } from "./drift/inspect-schema.js";
import { MIGRATE_OPTIONS, type MigrateOptions } from "./migrate.js";
import { withAdvice } from "./schema-errors.js";
import { schemaOf } from "./schema-name.js";
import { CURRENT_VERSION } from "./schema-version.js";

/**
 * Compares a schema with the objects that this version's migrations make, and tells what `migrate` would repair.
 *
 * It only reads, so it works on a replica. If an object could be repaired, it also reads the rows that might prevent
 * the repair. The role needs SELECT on the schema's tables. Unlike `migrate`, it never throws because of a difference.
 */
export async function verifySchema(sql: SqlClient, options: MigrateOptions = {}): Promise<SchemaReport> {
  checkClient(sql);
  checkKeys("options", options, MIGRATE_OPTIONS);
  const schema = schemaOf(options);
  return await withAdvice(schema, () => inspectSchema(CURRENT_VERSION, sql, schema));
}
