import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EXECUTION_STATUSES, mayAcknowledge } from "../../src/index.js";

const DOCS = new URL("../../docs/", import.meta.url);
const page = readFileSync(new URL("embedding.md", DOCS), "utf8");

test("the table of statuses says what mayAcknowledge answers", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (yes|no|if it has a `wakeAt`) \|$/gm)];
  expect(rows.map(([, status]) => status)).toEqual([...EXECUTION_STATUSES]);
  const answers = EXECUTION_STATUSES.map((status) => {
    const [later, never] = [1, null].map((wakeAt) => mayAcknowledge({ status, wakeAt }));
    if (later !== never) return "if it has a `wakeAt`";
    return later ? "yes" : "no";
  });
  expect(rows.map(([, , answer]) => answer)).toEqual(answers);
});

test("every example of a host has a row, and every link leads to a file", () => {
  const linked = [...page.matchAll(/\]\((?!http)([^)#]+)/g)].map(([, path = ""]) => path);
  const examples = readdirSync(new URL("../examples/hosts/", DOCS)).filter((name) => name.endsWith(".ts"));
  expect(linked).toEqual(expect.arrayContaining(examples.map((name) => `../examples/hosts/${name}`)));
  expect(linked.filter((path) => !existsSync(new URL(path, DOCS)))).toEqual([]);
});
