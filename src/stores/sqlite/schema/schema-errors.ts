import { BuyonceError } from "../../../domain/errors.js";
import type { SchemaDifference } from "../../schema/schema-report.js";

/** `INVALID_SCHEMA` about the tables of a file. */
export const invalidSchema = (problem: string, details: Readonly<Record<string, unknown>>): BuyonceError =>
  new BuyonceError("INVALID_SCHEMA", `The SQLite file ${problem}`, { details });

/** `INVALID_SCHEMA` about differences that are left. */
export function differs(differences: readonly SchemaDifference[]): BuyonceError {
  const list = differences.map(
    (one) => `- ${one.object} ${one.name} of ${one.table} is ${one.difference}. ${one.advice}`,
  );
  return invalidSchema(`is not what its migrations make:\n${list.join("\n")}`, { differences });
}
