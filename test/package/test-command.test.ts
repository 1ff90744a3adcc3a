import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "buyonce-test-command-"));
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
writeFileSync(join(folder, "vitest.config.mjs"), "export default {};\n");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Case {
  readonly name: string;
  /** The test file; none where the run finds no file. */
  readonly text?: string;
  readonly lastLine: string;
  readonly exitCode: number;
}

const CASES: readonly Case[] = [
  {
    name: "passing tests",
    text: `test("a", () => {}); test("b", () => {});`,
    lastLine: "2 passed, 0 failed",
    exitCode: 0,
  },
  {
    name: "skipped tests",
    text: `test("a", () => {}); test.skip("b", () => {}); test.todo("c");`,
    lastLine: "1 passed, 0 failed, 2 skipped",
    exitCode: 0,
  },
  {
    name: "a failed test",
    text: `test("a", () => {}); test("b", () => { throw new Error("b"); });`,
    lastLine: "1 passed, 1 failed",
    exitCode: 1,
  },
  {
    name: "a file that does not load",
    text: `import "./absent.js"; test("a", () => {});`,
    lastLine: "0 passed, 1 failed",
    exitCode: 1,
  },
  {
    name: "a failed hook",
    text: `test("a", () => {}); afterAll(() => { throw new Error("hook"); });`,
    lastLine: "1 passed, 1 failed",
    exitCode: 1,
  },
  {
    name: "an unhandled error",
    text: `test("a", async () => { setTimeout(() => { throw new Error("late"); }); await new Promise((done) => setTimeout(done, 50)); });`,
    lastLine: "1 passed, 1 failed",
    exitCode: 1,
  },
  {
    name: "a killed worker",
    text: `test("a", () => process.kill(process.pid, "SIGKILL"));`,
    lastLine: "0 passed, 1 failed",
    exitCode: 1,
  },
  {
    name: "nothing but skips",
    text: `test.skip("a", () => {});`,
    lastLine: "0 passed, 1 failed, 1 skipped",
    exitCode: 1,
  },
  { name: "no test file", lastLine: "0 passed, 1 failed", exitCode: 1 },
];

describe("npm test ends with real counts", () => {
  test.each(CASES)("$name", ({ text, lastLine, exitCode }) => {
    const path = join(folder, "planted.test.ts");
    rmSync(path, { force: true });
    if (text !== undefined) writeFileSync(path, `import { afterAll, test } from "vitest";\n${text}\nvoid afterAll;\n`);
    const run = spawnSync(process.execPath, [join(root, "scripts/run-tests.mjs"), "--root", folder], {
      encoding: "utf8",
    });
    expect({ lastLine: run.stdout.trimEnd().split("\n").at(-1), exitCode: run.status }).toEqual({ lastLine, exitCode });
  });
});
