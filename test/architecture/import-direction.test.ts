import { describe, expect, test } from "vitest";
import { type Violation, violations } from "./import-rules.js";
import { readSource, readSourceTree } from "./read-source.js";

/** A small tree that keeps every rule; each planted file is added to it or replaces one of its files. */
const CLEAN: Readonly<Record<string, string>> = {
  "src/index.ts": `export { run } from "./engine/run.js"; export { memoryStore } from "./stores/memory/memory-store.js";`,
  "src/domain/clock.ts": `export const now = () => Date.now();`,
  "src/domain/money.ts": `import * as z from "zod/mini"; export const day = (ms: number) => new Date(ms);`,
  "src/idempotency/fingerprint.ts": `import { hash } from "node:crypto"; import { now } from "../domain/clock.js";`,
  "src/store-port/execution-store.ts": `import type { Money } from "../domain/money.js";`,
  "src/state-machine/settle.ts": `import type { ExecutionStore } from "../store-port/execution-store.js";`,
  "src/providers/purchase-permit.ts": `export const mintPermit = () => 1; export const spendPermit = () => 1;`,
  "src/providers/purchase-once.ts": `import { spendPermit } from "./purchase-permit.js"; provider.purchase(permit);`,
  "src/providers/aws/ec2.ts": `import { EC2 } from "@aws-sdk/client-ec2"; import { x } from "./guard.js"; import "../purchase-once.js";`,
  "src/providers/aws/guard.ts": `import type { Http } from "@smithy/types"; // provider.purchase(permit), Date.now()`,
  "src/stores/memory/memory-store.ts": `import { now } from "../../domain/clock.js";`,
  "src/stores/postgres/index.ts": `import type { Pool } from "pg"; import "../../store-port/execution-store.js";`,
  "src/stores/pglite/index.ts": `import "../postgres/index.js"; const pglite = await import("@electric-sql/pglite");`,
  "src/engine/line/write-ahead.ts": `import { mintPermit } from "../providers/purchase-permit.js";`,
  "src/engine/run.ts": `import { writeAhead } from "./write-ahead.js"; import "../state-machine/settle.js";`,
  "src/testing/index.ts": `import fc from "fast-check"; import "../index.js"; import "../providers/aws/ec2.js";`,
  "src/simulator/index.ts": `import { XMLParser } from "fast-xml-parser"; import "../domain/money.js"; Date.now();`,
};

interface Planted {
  readonly rule: Violation["rule"];
  readonly path: string;
  readonly text: string;
}

const PLANTED: readonly Planted[] = [
  { rule: "import direction", path: "src/domain/a.ts", text: `import "../idempotency/fingerprint.js";` },
  { rule: "import direction", path: "src/idempotency/a.ts", text: `import "../store-port/execution-store.js";` },
  { rule: "import direction", path: "src/store-port/a.ts", text: `export * from "../state-machine/settle.js";` },
  { rule: "import direction", path: "src/state-machine/a.ts", text: `import type { R } from "../engine/run.js";` },
  { rule: "import direction", path: "src/state-machine/a.ts", text: `import "../stores/memory/memory-store.js";` },
  { rule: "import direction", path: "src/providers/a.ts", text: `import { ec2 } from "./aws/ec2.js";` },
  { rule: "import direction", path: "src/providers/a.ts", text: `import { run } from "../engine/run.js";` },
  {
    rule: "import direction",
    path: "src/providers/aws/a.ts",
    text: `import type { S } from "../../store-port/execution-store.js";`,
  },
  { rule: "import direction", path: "src/providers/aws/a.ts", text: `await import("../../stores/postgres/index.js");` },
  { rule: "import direction", path: "src/providers/azure/a.ts", text: `import { guard } from "../aws/guard.js";` },
  { rule: "import direction", path: "src/providers/azure/a/b.ts", text: `import { guard } from "../../aws/guard.js";` },
  { rule: "import direction", path: "src/stores/postgres/a.ts", text: `import "../../state-machine/settle.js";` },
  { rule: "import direction", path: "src/stores/postgres/a.ts", text: `type P = import("../pglite/index.js").Store;` },
  { rule: "import direction", path: "src/stores/memory/a.ts", text: `import "../postgres/index.js";` },
  { rule: "import direction", path: "src/stores/pglite/a.ts", text: `import "../memory/memory-store.js";` },
  {
    rule: "import direction",
    path: "src/engine/a.ts",
    text: `import { memoryStore } from "../stores/memory/memory-store.js";`,
  },
  { rule: "import direction", path: "src/engine/a.ts", text: `import { ec2 } from "../providers/aws/ec2.js";` },
  { rule: "import direction", path: "src/engine/a.ts", text: `import { clock } from "../testing/index.js";` },
  {
    rule: "import direction",
    path: "src/providers/aws/a.ts",
    text: `const s = await import("../../simulator/index.js");`,
  },
  { rule: "import direction", path: "src/testing/a.ts", text: `import { start } from "../simulator/index.js";` },
  { rule: "import direction", path: "src/simulator/a.ts", text: `import { ec2 } from "../providers/aws/ec2.js";` },
  { rule: "import direction", path: "src/index.ts", text: `export { ec2 } from "./providers/aws/ec2.js";` },
  { rule: "import direction", path: "src/index.ts", text: `export type { Sql } from "./stores/postgres/index.js";` },
  { rule: "folder without a rule", path: "src/utils/a.ts", text: `export const a = 1;` },
  { rule: "folder without a rule", path: "src/stores/shared.ts", text: `export const a = 1;` },
  { rule: "package outside its folder", path: "src/engine/a.ts", text: `import type { Pool } from "pg";` },
  {
    rule: "package outside its folder",
    path: "src/stores/postgres/a.ts",
    text: `await import("@electric-sql/pglite/live");`,
  },
  {
    rule: "package outside its folder",
    path: "src/providers/azure/a.ts",
    text: `import { EC2 } from "@aws-sdk/client-ec2";`,
  },
  { rule: "package outside its folder", path: "src/domain/a.ts", text: `import fc from "fast-check";` },
  { rule: "unknown package", path: "src/domain/a.ts", text: `import _ from "lodash";` },
  { rule: "unknown package", path: "src/simulator/a.ts", text: `import * as z from "zod";` },
  { rule: "unknown package", path: "src/engine/a.ts", text: `import { memoryStore } from "buyonce";` },
  { rule: "computed import", path: "src/engine/a.ts", text: `const load = (name: string) => import("../" + name);` },
  { rule: "index reaches a driver", path: "src/engine/run.ts", text: `import type { Pool } from "pg";` },
  {
    rule: "index reaches a driver",
    path: "src/stores/memory/memory-store.ts",
    text: `export { PGlite } from "@electric-sql/pglite";`,
  },
  {
    rule: "guarded export",
    path: "src/engine/a.ts",
    text: `import { mintPermit } from "../providers/purchase-permit.js";`,
  },
  {
    rule: "guarded export",
    path: "src/engine/a.ts",
    text: `import { mintPermit as m } from "../providers/purchase-permit.js";`,
  },
  {
    rule: "guarded export",
    path: "src/testing/a.ts",
    text: `import * as permit from "../providers/purchase-permit.js";`,
  },
  { rule: "guarded export", path: "src/providers/a.ts", text: `export * from "./purchase-permit.js";` },
  {
    rule: "guarded export",
    path: "src/testing/a.ts",
    text: `(await import("../providers/purchase-permit.js")).mintPermit();`,
  },
  {
    rule: "guarded export",
    path: "src/engine/a.ts",
    text: `import { spendPermit } from "../providers/purchase-permit.js";`,
  },
  { rule: "purchase called elsewhere", path: "src/engine/a.ts", text: `await provider.purchase(permit, context);` },
  { rule: "purchase called elsewhere", path: "src/engine/a.ts", text: `provider?.["purchase"](permit);` },
  { rule: "purchase called elsewhere", path: "src/providers/aws/a.ts", text: `inner.purchase.call(inner, permit);` },
  { rule: "purchase called elsewhere", path: "src/engine/a.ts", text: `const { purchase: buy } = provider;` },
  { rule: "clock read elsewhere", path: "src/engine/a.ts", text: `const now = Date.now();` },
  { rule: "clock read elsewhere", path: "src/stores/postgres/a.ts", text: `const now = new Date();` },
  { rule: "clock read elsewhere", path: "src/providers/aws/a.ts", text: `const now = performance.now;` },
  { rule: "signal joined elsewhere", path: "src/engine/a.ts", text: `const both = AbortSignal.any([a, b]);` },
  { rule: "import circle", path: "src/domain/clock.ts", text: `import type { Money } from "./clock.js";` },
  {
    rule: "import circle",
    path: "src/providers/purchase-permit.ts",
    text: `export type { P } from "./purchase-once.js";`,
  },
  {
    rule: "import circle",
    path: "src/domain/money.ts",
    text: `type S = import("../store-port/execution-store.js").S;`,
  },
];

const read = (tree: Readonly<Record<string, string>>) =>
  Object.entries(tree).map(([path, text]) => readSource(path, text));

describe("the source tree", () => {
  const files = readSourceTree();

  test("is read at all", () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter(({ imports }) => imports.length > 0).length).toBeGreaterThan(10);
  });

  test("resolves every import of its own files", () => {
    const paths = new Set(files.map(({ path }) => path));
    const targets = files.flatMap(({ path, imports }) => imports.map(({ target }) => ({ path, target })));
    expect(targets.filter(({ target }) => target.startsWith("src/") && !paths.has(target))).toEqual([]);
  });

  test("breaks no rule", () => {
    expect(violations(files)).toEqual([]);
  });
});

describe("the rules", () => {
  test("let a clean tree pass", () => {
    expect(violations(read(CLEAN))).toEqual([]);
  });

  test.each(PLANTED)("report $rule: $path: $text", ({ rule, path, text }) => {
    const found = violations(read({ ...CLEAN, [path]: text }));
    expect(found.map((violation) => violation.rule)).toContain(rule);
  });

  test("name every file of a circle, once", () => {
    const found = violations(
      read({
        "src/domain/a.ts": `import "./b.js"; import "./c.js";`,
        "src/domain/b.ts": `export type { C } from "./c.js";`,
        "src/domain/c.ts": `import type { B } from "./b.js";`,
      }),
    );
    const circle = "src/domain/b.ts -> src/domain/c.ts -> src/domain/b.ts";
    expect(found).toEqual([{ rule: "import circle", path: "src/domain/b.ts", found: circle }]);
  });
});
