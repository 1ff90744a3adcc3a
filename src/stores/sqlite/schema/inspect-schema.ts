import { type Difference, differencesOf } from "../../schema/difference.js";
import { migrationProblem } from "../../schema/migration-problem.js";
import { type MigrationState, migrationStates } from "../../schema/migration-states.js";
import { parseObjects } from "../../schema/schema-object.js";
import type { RowsAgainst, SchemaDifference, SchemaReport } from "../../schema/schema-report.js";
import type { Connection } from "../database/connection.js";
import { SCHEMA_OBJECTS } from "./expected-objects.js";
import { ALL_MIGRATIONS } from "./migrations/all-migrations.js";
import { readObjects } from "./read-objects.js";
import { readRecorded } from "./recorded-migrations.js";

/** How the tables of a file compare with those of this version of the library. */
export type SqliteSchemaReport = Omit<SchemaReport, "schema">;

const EXPECTED = parseObjects(SCHEMA_OBJECTS);

/** Compares the tables with those that the migrations make. It only reads. */
export function inspectSchema(connection: Connection): SqliteSchemaReport {
  const migrations = migrationStates(ALL_MIGRATIONS, readRecorded(connection));
  const age = ageOf(migrations);
  const differences = differencesOf(EXPECTED, readObjects(connection)).map((difference) =>
    assessed(connection, difference, age),
  );
  const usable = migrations.every(({ state }) => state === "applied" || state === "ahead");
  const sound = usable && differences.every(({ difference }) => difference === "unexpected");
  return { sound, migrations, differences };
}

/** The age of the tables, compared with this version. */
function ageOf(migrations: readonly MigrationState[]): "same" | "behind" | "other" {
  const has = (state: MigrationState["state"]) => migrations.some((migration) => migration.state === state);
  if (migrationProblem(migrations) !== undefined || has("ahead")) return "other";
  return has("missing") ? "behind" : "same";
}

function assessed(connection: Connection, difference: Difference, age: ReturnType<typeof ageOf>): SchemaDifference {
  const { object, name, expected, found } = difference;
  const judged = (repair: SchemaDifference["repair"], advice: string, against: RowsAgainst | null = null) => ({
    ...{ ...difference, repair, advice, against },
  });
  if (expected === null) return judged("none", "Not made by buyonce, and left alone.");
  if (age === "other") return judged("by hand", "Let the version of buyonce that made the tables judge it.");
  if (age === "behind" && found === null) return judged("migrate", "Migrations are missing: call migrate(database).");
  if (object === "index" && found !== null)
    return judged("by hand", `Drop it (drop index ${name}) and call migrate, which makes it anew.`);
  if (object !== "index")
    return judged(
      "by hand",
      "Restore the file from a backup: the rows of the table are the record of what was bought.",
    );
  const against = duplicates(connection, expected);
  if (against === undefined) return judged("migrate", "Call migrate(database), which restores it.");
  const rows = `${against.total} row(s) share a key that must be unique: ${JSON.stringify(against.rows)}`;
  return judged("by hand", `${rows}. Correct these rows by hand, then call migrate.`, against);
}

/** The rows that stand against a unique index, by their numbers. */
function duplicates(connection: Connection, index: string): RowsAgainst | undefined {
  const [, table, columns, condition = "true"] =
    /^create unique index \w+ on (\w+) \(([^)]*)\)(?: where (.*))?$/i.exec(index) ?? [];
  if (table === undefined || columns === undefined) return undefined;
  const rows = connection.all(
    `select number from ${table} where (${condition}) and (${columns}) in (
       select ${columns} from ${table} where ${condition} group by ${columns} having count(*) > 1)
      order by number`,
  );
  return rows.length === 0 ? undefined : { total: rows.length, rows: rows.slice(0, 10).map((row) => ({ ...row })) };
}
