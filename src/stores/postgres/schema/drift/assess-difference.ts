import type { Difference } from "../../../schema/difference.js";
import { isSameObject, type SchemaObject } from "../../../schema/schema-object.js";
import type { SchemaDifference } from "../../../schema/schema-report.js";
import type { SqlClient } from "../../client/sql-client.js";
import { type Obstacle, obstacleTo } from "./obstacle.js";
import { repairStatement } from "./repair-statement.js";
import { rowsAgainst } from "./rows-against.js";

/** The facts by which a difference is judged. */
export interface Assessment {
  readonly sql: SqlClient;
  readonly schema: string;
  readonly expected: readonly SchemaObject[];
  readonly found: readonly SchemaObject[];
  /**
   * `behind`: migrations are still to be applied. `other`: the schema of another version, which this version must not
   * repair.
   */
  readonly age: "same" | "behind" | "other";
  /** The differences that were judged before this one. */
  readonly before: readonly SchemaDifference[];
}

/** Tells who can repair a difference, and how. */
export async function assessDifference(difference: Difference, assessment: Assessment): Promise<SchemaDifference> {
  const { expected, found } = difference;
  const { schema, age, before } = assessment;
  if (expected === null) return verdict(difference, "none", "Not made by buyonce, and left alone.");
  if (age === "other")
    return verdict(difference, "by hand", "Let the version of buyonce that made the schema judge it.");
  if (age === "behind" && found === null)
    return verdict(difference, "migrate", "Migrations are missing: call migrate(sql, { schema }).");
  if (repairStatement(difference) === undefined) return verdict(difference, "by hand", adviceOn(difference, schema));
  const lost = before.find(
    (other) => isLostColumn(other) && other.table === difference.table && isWordOf(expected, other.name),
  );
  if (lost !== undefined) return verdict(difference, "by hand", `Bring back the column ${lost.name} first.`);
  return await judgedByRows(difference, assessment);
}

const verdict = (
  difference: Difference,
  repair: SchemaDifference["repair"],
  advice: string,
  against: SchemaDifference["against"] = null,
): SchemaDifference => ({ ...difference, repair, advice, against });

function adviceOn({ object, table, name, expected, found }: Difference, schema: string): string {
  if (found === null) return "Restore it from a backup: its rows are the record of what was bought.";
  if (object === "constraint")
    return `Drop it (alter table "${schema}"."${table}" drop constraint "${name}") and call migrate, which makes it anew.`;
  if (object === "index") return `Drop it (drop index "${schema}"."${name}") and call migrate, which makes it anew.`;
  return `Find out who changed it and what became of its rows, then make it by hand: ${expected}.`;
}

const isLostColumn = ({ object, found, repair }: SchemaDifference): boolean =>
  object === "column" && found === null && repair === "by hand";

/**
 * Looks for rows that stand against the repair. The server would refuse most of these repairs anyway, but this query
 * also names the rows.
 */
async function judgedByRows(difference: Difference, assessment: Assessment): Promise<SchemaDifference> {
  const { sql, schema, found } = assessment;
  const { table } = difference;
  const obstacle = readable(obstacleTo(difference), difference, assessment);
  const against = obstacle && (await rowsAgainst(sql, obstacle, { schema, table, identity: identityOf(table, found) }));
  if (obstacle === undefined || against === undefined)
    return verdict(difference, "migrate", "Call migrate(sql, { schema }), which restores it.");
  const rows = `${against.total} row(s) ${obstacle.complaint}: ${JSON.stringify(against.rows)}`;
  return verdict(difference, "by hand", `${rows}. Correct these rows by hand, then call migrate.`, against);
}

/**
 * An obstacle whose rows can be found although other columns may be missing too. If columns that it needs are missing,
 * every row may have had a value in a lost column. Whether rows break a constraint, the server judges when the columns
 * are back.
 */
function readable(
  obstacle: Obstacle | undefined,
  { object }: Difference,
  { expected, found }: Assessment,
): Obstacle | undefined {
  if (obstacle === undefined) return undefined;
  const needed = expected.filter(({ kind, name }) => kind === "column" && isWordOf(obstacle.condition(""), name));
  if (needed.every((column) => found.some((one) => isSameObject(one, column)))) return obstacle;
  return object === "column" ? { ...obstacle, condition: () => "true" } : undefined;
}

/** The columns that identify a row: the primary key, or the row's place on disk if there is no key. */
function identityOf(table: string, found: readonly SchemaObject[]): readonly string[] {
  const keys = found.filter((one) => one.table === table).map((one) => /^PRIMARY KEY \(([^)]*)\)/.exec(one.definition));
  return keys.find((key) => key !== null)?.[1]?.split(", ") ?? ["ctid"];
}

const isWordOf = (text: string, word: string): boolean => new RegExp(`\\b${word}\\b`).test(text);
