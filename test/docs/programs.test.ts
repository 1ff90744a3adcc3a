import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, test } from "vitest";
import tsconfig from "../../tsconfig.json" with { type: "json" };

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** The code of a page that calls a function, as it is printed. */
function printed(page: string, call: string): string {
  const blocks = [...read(page).matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ""]) => code);
  const found = blocks.filter((code) => code.includes(`await ${call}(`));
  expect(found).toHaveLength(1);
  return String(found[0]);
}

const alias = Object.fromEntries(
  Object.entries(tsconfig.compilerOptions.paths).map(([name, [source]]) => [
    name,
    fileURLToPath(new URL(`../../${source}`, import.meta.url)),
  ]),
);

/** Runs a program in a process of its own, over the sources. */
async function outputOf(code: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "buyonce-program-"));
  try {
    const outfile = join(folder, "program.mjs");
    const stdin = { contents: code, loader: "ts" as const, resolveDir: fileURLToPath(new URL(".", import.meta.url)) };
    await build({ stdin, outfile, bundle: true, platform: "node", format: "esm", alias, logLevel: "silent" });
    const { stdout } = await promisify(execFile)(process.execPath, [outfile]);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.each([
  ["exploreCrashes", "src/testing/explore-crashes.ts", /^\d{2,} runs, \d{2} points\n$/],
  ["simulate", "src/testing/simulate.ts", /^$/],
])("the example of %s runs as it is printed, and stands in its JSDoc too", async (call, source, output) => {
  const code = printed("docs/testing.md", call);
  const commented = code.replaceAll(/^/gm, " * ").replaceAll(/ +$/gm, "").replace(/ \*$/, "");
  expect(read(source)).toContain(commented);
  expect(await outputOf(code)).toMatch(output);
});
