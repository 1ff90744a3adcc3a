import { differencesOf } from "../../../schema/difference.js";
import { migrationProblem } from "../../../schema/migration-problem.js";
import { type MigrationState, migrationStates } from "../../../schema/migration-states.js";
import type { SchemaDifference, SchemaReport } from "../../../schema/schema-report.js";
import type { SqlClient } from "../../client/sql-client.js";
import { readRecorded } from "../migrations/recorded-migrations.js";
import type { SchemaVersion } from "../schema-version.js";
import { assessDifference } from "./assess-difference.js";
import { readObjects } from "./read-objects.js";

/** Compares a schema with the schema of a version of the library. It only reads. */
export async function inspectSchema(version: SchemaVersion, sql: SqlClient, schema: string): Promise<SchemaReport> {
  const migrations = migrationStates(version.migrations, await readRecorded(sql, schema));
  const found = await readObjects(sql, schema);
  const age = ageOf(migrations);
  const differences: SchemaDifference[] = [];
  for (const difference of differencesOf(version.objects, found)) {
    const assessment = { sql, schema, expected: version.objects, found, age, before: differences };
    differences.push(await assessDifference(difference, assessment));
  }
  const usable = migrations.every(({ state }) => state === "applied" || state === "ahead");
  const sound = usable && differences.every(({ difference }) => difference === "unexpected");
  return { schema, sound, migrations, differences };
}

/** The age of a schema, compared with a version. */
function ageOf(migrations: readonly MigrationState[]): "same" | "behind" | "other" {
  const has = (state: MigrationState["state"]) => migrations.some((migration) => migration.state === state);
  if (migrationProblem(migrations) !== undefined || has("ahead")) return "other";
  return has("missing") ? "behind" : "same";
}
