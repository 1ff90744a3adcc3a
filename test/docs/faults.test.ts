import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { deliveryFaultSchema, effectFaultSchema } from "../../src/simulator/fault.js";

const page = readFileSync(new URL("../../docs/testing.md", import.meta.url), "utf8");

/** The kinds that the rows of a table name, without the fields that they need. */
function kindsIn(heading: string): readonly string[] {
  const [, table = ""] = page.split(`| ${heading} |`);
  const rows = (table.split("\n\n")[0] ?? "").split("\n").slice(2);
  return rows.flatMap((row) => {
    const [, kinds = ""] = row.split("|");
    return [...kinds.replace(/\(.*\)/, "").matchAll(/`([^`]+)`/g)].map(([, kind = ""]) => kind);
  });
}

test.each([
  ["faults of delivery", deliveryFaultSchema],
  ["faults of effect", effectFaultSchema],
])("testing.md explains all %s", (heading, { def }) => {
  const kinds: readonly string[] = def.options.flatMap(({ shape }) => shape.kind.def.values);
  expect([...kindsIn(heading)].sort()).toEqual([...kinds].sort());
});
