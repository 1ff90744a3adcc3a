import type { Difference } from "../../../schema/difference.js";
import { INVALID } from "../../../schema/schema-object.js";

/**
 * The statement by which `migrate` repairs an object, with unqualified names. `undefined` if the repair is left to a
 * person. No statement drops anything, and none changes the content of a row.
 */
export function repairStatement(difference: Difference): string | undefined {
  if (difference.expected === null) return undefined;
  return difference.found === null
    ? make(difference, difference.expected)
    : alteration(difference, difference.expected, difference.found);
}

/**
 * The statement that makes a missing object. A missing table is never made: an empty table would hide that its rows,
 * the proof of purchases, are gone.
 */
function make({ object, table, name }: Difference, definition: string): string | undefined {
  switch (object) {
    case "column":
      return `alter table "${table}" add column "${name}" ${definition}`;
    case "constraint":
      return `alter table "${table}" add constraint "${name}" ${definition}`;
    case "index":
      return definition;
    default:
      return undefined;
  }
}

function alteration({ object, table, name }: Difference, expected: string, found: string): string | undefined {
  if (object === "column" && expected === `${found} not null`)
    return `alter table "${table}" alter column "${name}" set not null`;
  if (object === "constraint" && found === `${expected} NOT VALID`)
    return `alter table "${table}" validate constraint "${name}"`;
  if (found === `${expected}${INVALID}`) return `reindex index "${name}"`;
  return undefined;
}
