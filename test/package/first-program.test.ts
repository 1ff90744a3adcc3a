import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { nodeBinaries } from "../support/node-binaries.js";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

/** The blocks of a language in the README, in order. */
const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, text = ""]) => text);

describe("the first program of the README, twice, as it is printed", async () => {
  const [program = ""] = blocks("ts");
  const [first, second] = blocks("text");

  for (const { version, path, reason } of await nodeBinaries()) {
    test.skipIf(path === undefined)(`on Node ${version} ${reason ?? ""}`, async () => {
      // Inside the consumer's folder, so that it finds what is installed there.
      const folder = mkdtempSync(join(inject("consumers").withPeers, "first-program-"));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      writeFileSync(join(folder, "buy.mjs"), program);
      const run = async () => (await promisify(execFile)(path ?? "", ["buy.mjs"], { cwd: folder })).stdout;
      expect(await run()).toBe(first);
      expect(await run()).toBe(second);
    });
  }
});
