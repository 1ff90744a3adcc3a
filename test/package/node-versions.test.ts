import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { nodeBinaries } from "../support/node-binaries.js";
import { entriesOf, installedIn, readManifest } from "./packed-package.js";

const { bare, withPeers } = inject("consumers");
const specifiers = entriesOf(readManifest(installedIn(withPeers))).map(({ specifier }) => specifier);

/** Runs a CommonJS program of a consumer. */
function runCommonJs(node: string, consumer: string, program: string, ...flags: readonly string[]) {
  const path = join(consumer, "program.cjs");
  writeFileSync(path, program);
  const env = { ...process.env, NODE_OPTIONS: "" };
  return spawnSync(node, ["--no-warnings", ...flags, path], { cwd: consumer, encoding: "utf8", env });
}

/** Requires and imports every subpath, and tells of each that gives another module or no export. */
const REQUIRE_AND_IMPORT = `
const specifiers = ${JSON.stringify(specifiers)};
(async () => {
  const odd = [];
  for (const specifier of specifiers) {
    const required = require(specifier);
    if (required !== (await import(specifier)) || Object.keys(required).length === 0) odd.push(specifier);
  }
  console.log(JSON.stringify({ node: process.versions.node, odd }));
})();
`;

const BUY_ONE = `
const { createPurchaseEngine, memoryStore } = require("buyonce");
const { manualClock, simulatedCloud } = require("buyonce/testing");
(async () => {
  const clock = manualClock();
  const contract = { kind: "native-token", windowMs: 3600000, maxRequestLifetimeMs: 300000, visibilityLagMs: 60000, clockSkewMs: 10000 };
  const cloud = simulatedCloud({ contract, clock });
  const engine = createPurchaseEngine({ store: memoryStore({ clock }), providers: [cloud.provider], clock });
  const line = { service: "custom.simulated", account: "a", region: "r", quantity: 1, term: "1yr", payment: "no_upfront",
    expectedPrice: { amount: "100", currency: "USD" }, offering: { size: "m" } };
  const { id } = await engine.submit({ requestKey: "once", createdBy: "a", lines: [line] });
  await engine.approve(id, { approvedBy: "b" });
  console.log((await engine.run(id)).status, cloud.ledger().length);
})();
`;

/** Node prints the whole line that threw, and minified code is one line. */
const MAX_PRINTED_BYTES = 4_096;

for (const node of await nodeBinaries())
  describe.skipIf(node.path === undefined)(`Node ${node.version} ${node.reason ?? ""}`.trim(), () => {
    const { path = "", version } = node;

    test("requires every subpath, and gets the module that it imports", () => {
      const { stdout } = runCommonJs(path, withPeers, REQUIRE_AND_IMPORT);
      expect(JSON.parse(stdout)).toEqual({ node: version, odd: [] });
    });

    test("buys once from CommonJS", () => {
      expect(runCommonJs(path, bare, BUY_ONE).stdout).toBe("completed 1\n");
    });

    test("buys once from the copy as CommonJS, where Node may not require ES modules", () => {
      const flag = "--no-experimental-require-module";
      expect(runCommonJs(path, bare, BUY_ONE, flag).stdout).toBe("completed 1\n");
      const { stdout } = runCommonJs(path, bare, `console.log(require.resolve("buyonce"))`, flag);
      expect(stdout).toMatch(/dist.cjs.index\.js\n$/);
    });

    test("an engine of one copy works with the other copy's parts", () => {
      const copy = join(installedIn(bare), "dist/cjs/testing.js");
      const program = BUY_ONE.replace('"buyonce/testing"', JSON.stringify(copy));
      expect(runCommonJs(path, bare, program).stdout).toBe("completed 1\n");
    });

    test("prints little of the library with an error that nobody catches", () => {
      const { stderr } = runCommonJs(path, bare, `require("buyonce").createPurchaseEngine({});`);
      expect(stderr).toContain("INVALID_REQUEST");
      expect(Buffer.byteLength(stderr)).toBeLessThan(MAX_PRINTED_BYTES);
    });
  });
