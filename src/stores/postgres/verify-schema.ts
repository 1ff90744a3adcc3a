import { BuyonceError } from "../../domain/errors.js";
import { ALL_MIGRATIONS } from "./migrations/all-migrations.js";
import { type RecordedMigration, recorded } from "./migrations/migration.js";
import { quotedSchema } from "./schema-name.js";
import type { SqlClient } from "./sql-client.js";
import { sqlStateOf } from "./sql-state.js";

const INVALID_SCHEMA_NAME = "3F000";
const UNDEFINED_TABLE = "42P01";

/** Throws `INVALID_SCHEMA` unless the migrations recorded in a schema are exactly those this version knows. */
export async function verifySchema(sql: SqlClient, schema: string): Promise<void> {
  const found = await recordedIn(sql, schema);
  const problem = differenceOf(ALL_MIGRATIONS.map(recorded), found);
  if (problem !== undefined)
    throw new BuyonceError("INVALID_SCHEMA", `Schema "${schema}" ${problem}`, { details: { schema, found } });
}

async function recordedIn(sql: SqlClient, schema: string): Promise<readonly RecordedMigration[]> {
  const text = `select number, name, checksum from ${quotedSchema(schema)}.migrations order by number`;
  try {
    const { rows } = await sql.query({ text, values: [] });
    return rows.map((row) => ({
      number: Number(row["number"]),
      name: String(row["name"]),
      checksum: String(row["checksum"]),
    }));
  } catch (error) {
    const state = sqlStateOf(error);
    if (state === UNDEFINED_TABLE || state === INVALID_SCHEMA_NAME) return [];
    throw error;
  }
}

function differenceOf(known: readonly RecordedMigration[], found: readonly RecordedMigration[]): string | undefined {
  const unknown = found.filter(({ number }) => !known.some((migration) => migration.number === number));
  if (unknown.length > 0)
    return `holds migration ${unknown[0]?.number} (${unknown[0]?.name}), which this version of buyonce does not know: use the version that made it, or a newer one.`;
  for (const migration of known) {
    const there = found.find(({ number }) => number === migration.number);
    const label = `migration ${migration.number} (${migration.name})`;
    if (there === undefined) return `lacks ${label}: call migrate(sql, { schema }) with this version of buyonce.`;
    if (there.checksum !== migration.checksum)
      return `holds ${label} with another content than this version's: restore the schema from a backup, or use the version of buyonce that made it.`;
  }
  return undefined;
}
