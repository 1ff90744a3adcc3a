import { recordProblem } from "../../schema/migration-problem.js";
import type { SchemaDifference } from "../../schema/schema-report.js";
import type { Connection } from "../database/connection.js";
import { inspectSchema } from "./inspect-schema.js";
import { differs, invalidSchema } from "./schema-errors.js";

/**
 * Throws `INVALID_SCHEMA` unless a store of this version may work on the tables: no known migration may be missing, no
 * unknown one may forbid the work, and no object that they made may be missing or different.
 */
export function requireSchema(connection: Connection): void {
  const { migrations, differences } = inspectSchema(connection);
  const problem = recordProblem(migrations, "migrate(database)");
  if (problem !== undefined) throw invalidSchema(problem, { migrations });
  const isAhead = migrations.some(({ state }) => state === "ahead");
  const faults = differences.filter((one) => (isAhead ? guards(one) : one.difference !== "unexpected"));
  if (faults.length > 0) throw differs(faults);
}

/** Whether a difference takes away what gives races one winner. A newer version may change anything else. */
const guards = ({ difference, object, expected }: SchemaDifference): boolean =>
  difference === "missing" && (object !== "index" || /^create unique /i.test(String(expected)));
