import type { Difference } from "../../../schema/difference.js";
import { LOST_CONTENT } from "./lost-content.js";

/** Rows that stand against a repair. */
export interface Obstacle {
  /** SQL over the columns of the object's table, whose alias is `t`. Other tables are in this quoted schema. */
  condition(schema: string): string;
  /** What is wrong with these rows, as the text that follows their number. */
  readonly complaint: string;
}

/** The rows that may prevent the repair of an object. `undefined` if no rows can. */
export function obstacleTo(difference: Difference): Obstacle | undefined {
  const { object, expected, found } = difference;
  if (expected === null) return undefined;
  if (object === "column") return found === null ? lostContent(difference, expected) : emptyValue(difference);
  return duplicates(difference, expected) ?? brokenCheck(expected) ?? orphans(expected);
}

function lostContent({ table, name }: Difference, definition: string): Obstacle | undefined {
  if (definition.includes(" generated always as ")) return undefined;
  const condition = definition.endsWith(" not null") ? "true" : LOST_CONTENT[`${table}.${name}`];
  if (condition === undefined) return undefined;
  return { condition: () => condition, complaint: "may have held something in it that only a backup can bring back" };
}

const emptyValue = ({ name }: Difference): Obstacle => ({
  condition: () => `t."${name}" is null`,
  complaint: "have no value in it",
});

function duplicates({ table }: Difference, definition: string): Obstacle | undefined {
  const [, columns, predicate = "true"] =
    /^(?:CREATE UNIQUE INDEX .* USING btree|PRIMARY KEY|UNIQUE) \(([^)]*)\)(?: WHERE (.*))?$/.exec(definition) ?? [];
  if (columns === undefined) return undefined;
  return {
    condition: (schema) =>
      `(${predicate}) and (${columns}) in (
         select ${columns} from ${schema}."${table}" where ${predicate} group by ${columns} having count(*) > 1)`,
    complaint: "share a key that must be unique",
  };
}

function brokenCheck(definition: string): Obstacle | undefined {
  const [, expression] = /^CHECK \((.*)\)$/.exec(definition) ?? [];
  if (expression === undefined) return undefined;
  return { condition: () => `not (${expression})`, complaint: "break the check" };
}

function orphans(definition: string): Obstacle | undefined {
  const [, columns = "", target, keys = ""] =
    /^FOREIGN KEY \(([^)]*)\) REFERENCES (\w+)\(([^)]*)\)$/.exec(definition) ?? [];
  if (target === undefined) return undefined;
  const of = (alias: string, names: string) => names.split(", ").map((name) => `${alias}.${name}`);
  return {
    condition: (schema) =>
      `${of("t", columns).join(" is not null and ")} is not null and not exists (
         select from ${schema}."${target}" other where (${of("other", keys)}) = (${of("t", columns)}))`,
    complaint: `refer to rows of ${target} that do not exist`,
  };
}
