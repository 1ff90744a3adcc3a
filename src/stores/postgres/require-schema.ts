import { decodeIndices, missingIndex, UNIQUE_INDICES } from "./drift/unique-indices.js";
import { recordProblem } from "./migrations/migration-problem.js";
import { decodeRecorded, migrationStates, recordedMigrations } from "./migrations/recorded-migrations.js";
import { invalidSchema, withAdvice } from "./schema-trouble.js";
import type { SchemaVersion } from "./schema-version.js";
import type { SqlClient, SqlRow } from "./sql-client.js";
import { sqlStateOf } from "./sql-state.js";

/** invalid_schema_name, undefined_table */
const NOT_THERE = ["3F000", "42P01"];
const NOTHING: SqlRow = { migrations: null, indices: null };

/**
 * `INVALID_SCHEMA` unless a store of this version may work on a schema: no known migration is missing, no unknown one
 * forbids it, and every unique index is there that lets races have one winner. One statement.
 */
export async function requireSchema(version: SchemaVersion, sql: SqlClient, schema: string): Promise<void> {
  const row = await readSchema(sql, schema);
  const migrations = migrationStates(version.migrations, decodeRecorded(row["migrations"]));
  const problem = recordProblem(migrations);
  if (problem !== undefined) throw invalidSchema(schema, problem, { migrations });
  const index = missingIndex(version.objects, decodeIndices(row["indices"], schema));
  if (index !== undefined)
    throw invalidSchema(
      schema,
      `lacks the unique index ${index.name} of ${index.table}, without which two could buy the same: call migrate(sql, { schema }), which restores it or names the rows against it.`,
      { missing: index },
    );
}

async function readSchema(sql: SqlClient, schema: string): Promise<SqlRow> {
  const text = `select ${recordedMigrations(schema)} as migrations, ${UNIQUE_INDICES} as indices`;
  try {
    const { rows } = await withAdvice(schema, () => sql.query({ text, values: [schema] }));
    return rows[0] ?? NOTHING;
  } catch (error) {
    if (NOT_THERE.includes(sqlStateOf(error) ?? "")) return NOTHING;
    throw error;
  }
}
