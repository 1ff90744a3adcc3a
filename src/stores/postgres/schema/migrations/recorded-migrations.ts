import type { RecordedMigration } from "../../../schema/migration.js";
import type { SqlClient } from "../../client/sql-client.js";
import { quotedSchema } from "../schema-name.js";

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
