import { migrationProblem } from "../../schema/migration-problem.js";
import { type MigrationState, migrationStates } from "../../schema/migration-states.js";
import type { SqlClient } from "../client/sql-client.js";
import { repairSchema, type Target } from "./drift/repair-schema.js";
import { applyMigrations } from "./migrations/apply-migrations.js";
import { readRecorded } from "./migrations/recorded-migrations.js";
import { requireSchema } from "./require-schema.js";
import { requireServer, requireWritable } from "./require-server.js";
import { invalidSchema, withAdvice } from "./schema-errors.js";
import { quotedSchema } from "./schema-name.js";
import type { SchemaVersion } from "./schema-version.js";

/**
 * Migrates a schema to any version. A schema that is ahead of the version is not repaired, because only a newer version
 * knows the right form.
 */
export async function migrateTo(version: SchemaVersion, sql: SqlClient, schema: string): Promise<void> {
  quotedSchema(schema);
  await withAdvice(schema, async () => {
    const server = await requireServer(sql, schema);
    await applyMissing(sql, { version, schema, server });
    const states = await usableStates(version, sql, schema);
    if (states.some(({ state }) => state === "ahead")) await requireSchema(version, sql, schema);
    else await repairSchema(sql, { version, schema, server });
  });
}

async function applyMissing(sql: SqlClient, { version, schema, server }: Target): Promise<void> {
  const states = await usableStates(version, sql, schema);
  const missing = version.migrations.filter(({ number }) =>
    states.some((migration) => migration.number === number && migration.state === "missing"),
  );
  if (missing.length === 0) return;
  requireWritable(server, schema);
  await applyMigrations(sql, schema, missing);
}

async function usableStates(
  version: SchemaVersion,
  sql: SqlClient,
  schema: string,
): Promise<readonly MigrationState[]> {
  const states = migrationStates(version.migrations, await readRecorded(sql, schema));
  const problem = migrationProblem(states);
  if (problem !== undefined) throw invalidSchema(schema, problem, { migrations: states });
  return states;
}
