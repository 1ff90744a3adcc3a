import { recordProblem } from "../../schema/migration-problem.js";
import { migrationStates } from "../../schema/migration-states.js";
import type { SqlClient, SqlRow } from "../client/sql-client.js";
import { sqlStateOf } from "../client/sql-state.js";
import { decodeIndices, missingIndex, UNIQUE_INDICES } from "./drift/unique-indices.js";
import { decodeRecorded, recordedMigrations } from "./migrations/recorded-migrations.js";
import { invalidSchema, withAdvice } from "./schema-errors.js";
import type { SchemaVersion } from "./schema-version.js";

/** invalid_schema_name, undefined_table */
const NOT_THERE = ["3F000", "42P01"];
const NOTHING: SqlRow = { migrations: null, indices: null, cannot_free: null };

/**
 * SQL for whether the role may claim commitment ids in schema $1 but may not free them. Every change of lines needs
 * both rights.
 */
const CANNOT_FREE = `(
  select bool_or(has_table_privilege(c.oid, 'insert') and not has_table_privilege(c.oid, 'delete'))::text
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where n.nspname = $1 and c.relname = 'commitments')`;

/**
 * Throws `INVALID_SCHEMA` unless a store of this version may work on a schema. No known migration may be missing, and
 * no unknown one may forbid the work. Every unique index that gives races one winner must exist. A role that writes
 * must have the right to free the ids that it claims. It takes one statement.
 */
export async function requireSchema(version: SchemaVersion, sql: SqlClient, schema: string): Promise<void> {
  const row = await readSchema(sql, schema);
  const migrations = migrationStates(version.migrations, decodeRecorded(row["migrations"]));
  const problem = recordProblem(migrations, "migrate(sql, { schema })");
  if (problem !== undefined) throw invalidSchema(schema, problem, { migrations });
  const index = missingIndex(version.objects, decodeIndices(row["indices"], schema));
  if (index !== undefined)
    throw invalidSchema(
      schema,
      `lacks the unique index ${index.name} of ${index.table}, without which two workers could buy the same line: call migrate(sql, { schema }), which restores it or names the rows against it.`,
      { missing: index },
    );
  if (row["cannot_free"] === "true")
    throw invalidSchema(
      schema,
      `may not be written by this role, which lacks DELETE on commitments: a correction frees commitment ids. Grant it: grant delete on "${schema}".commitments to the role.`,
    );
}

async function readSchema(sql: SqlClient, schema: string): Promise<SqlRow> {
  const text = `select ${recordedMigrations(schema)} as migrations, ${UNIQUE_INDICES} as indices, ${CANNOT_FREE} as cannot_free`;
  try {
    const { rows } = await withAdvice(schema, () => sql.query({ text, values: [schema] }));
    return rows[0] ?? NOTHING;
  } catch (error) {
    if (NOT_THERE.includes(sqlStateOf(error) ?? "")) return NOTHING;
    throw error;
  }
}
