import type { SqlClient } from "../../client/sql-client.js";
import { quotedSchema } from "../schema-name.js";
import { type Migration, type RecordedMigration, recorded } from "./migration.js";

/**
 * One migration, as this version and the database see it.
 *
 * - `applied`: recorded with the content that this version knows.
 * - `missing`: known to this version, but not recorded.
 * - `altered`: recorded, but its content differs from this version's.
 * - `ahead`: unknown to this version, which may still work on the schema.
 * - `incompatible`: unknown to this version, which must not work on the schema.
 */
export interface MigrationState {
  readonly number: number;
  readonly name: string;
  readonly state: "applied" | "missing" | "altered" | "ahead" | "incompatible";
}

/** SQL that gives the recorded migrations as JSON text, for {@link decodeRecorded}. Null if there are none. */
export const recordedMigrations = (schema: string): string =>
  // Whole rows, because databases of the first version have no column compatible_from.
  `(select json_agg(row_to_json(m))::text from ${quotedSchema(schema)}.migrations m)`;

/** A row of `migrations` as `row_to_json` writes it. */
interface MigrationRow {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly compatible_from?: number | null;
}

/** The migrations in a value of {@link recordedMigrations}. */
export const decodeRecorded = (json: unknown): readonly RecordedMigration[] =>
  json === null
    ? []
    : (JSON.parse(String(json)) as MigrationRow[]).map(({ number, name, checksum, compatible_from }) => ({
        number,
        name,
        checksum,
        compatibleFrom: compatible_from ?? null,
      }));

/** Reads the recorded migrations. There are none if the table does not exist, which is checked without an error. */
export async function readRecorded(sql: SqlClient, schema: string): Promise<readonly RecordedMigration[]> {
  const { rows } = await sql.query({
    text: `select count(*)::text as tables from pg_catalog.pg_class c
             join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname = $1 and c.relname = 'migrations'`,
    values: [schema],
  });
  if (rows[0]?.["tables"] === "0") return [];
  const recordings = await sql.query({ text: `select ${recordedMigrations(schema)} as migrations`, values: [] });
  return decodeRecorded(recordings.rows[0]?.["migrations"] ?? null);
}

/** Compares the migrations of a version with the recorded ones, in the order of their numbers. */
export function migrationStates(
  known: readonly Migration[],
  found: readonly RecordedMigration[],
): readonly MigrationState[] {
  const version = known.length;
  const ours = known.map(recorded).map(({ number, name, checksum }): MigrationState => {
    const there = found.find((migration) => migration.number === number);
    const state = there === undefined ? "missing" : there.checksum === checksum ? "applied" : "altered";
    return { number, name, state };
  });
  const others = found
    .filter(({ number }) => !known.some((migration) => migration.number === number))
    .map(({ number, name, compatibleFrom }): MigrationState => {
      const mayWork = compatibleFrom !== null && compatibleFrom <= version;
      return { number, name, state: mayWork ? "ahead" : "incompatible" };
    });
  return [...ours, ...others].sort((a, b) => a.number - b.number);
}
