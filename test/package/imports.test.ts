import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, test } from "vitest";
import { MAY_LOAD } from "./may-load.js";
import { entriesOf, filesOf, installedIn, packageOf, readManifest } from "./packed-package.js";

const { bare, withPeers } = inject("consumers");
const entries = entriesOf(readManifest(installedIn(withPeers)));

/** Imports one subpath in a process of its own. */
function importIn(consumer: string, specifier: string) {
  const script = join(consumer, "import.mjs");
  const record = join(consumer, "resolutions.jsonl");
  rmSync(record, { force: true });
  writeFileSync(
    script,
    `const names = Object.keys(await import(${JSON.stringify(specifier)}));\nconsole.log(names.join());\n`,
  );
  const recorder = new URL("record-resolutions.mjs", import.meta.url).href;
  const stdout = execFileSync(process.execPath, ["--import", recorder, script], {
    cwd: consumer,
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "", RESOLUTIONS: record },
  });
  return { names: stdout.trim().split(",").filter(Boolean), packages: packagesLoaded(consumer, record) };
}

/** The packages that our own files imported, from the recorded resolutions. */
function packagesLoaded(consumer: string, record: string): readonly string[] {
  const ours = installedIn(consumer);
  const lines = existsSync(record) ? readFileSync(record, "utf8").trim().split("\n") : [];
  const resolutions = lines.map((line) => JSON.parse(line) as { specifier: string; parentURL?: string });
  const fromUs = resolutions.filter(
    ({ parentURL }) => parentURL?.startsWith("file:") && fileURLToPath(parentURL).startsWith(ours),
  );
  const packages = fromUs.map(({ specifier }) => packageOf(specifier)).filter((name) => name !== undefined);
  return [...new Set(packages)].sort();
}

describe.each(entries)("$specifier", ({ subpath, specifier }) => {
  const loaded = importIn(withPeers, specifier);

  test("imports and exports something", () => {
    expect(loaded.names.length).toBeGreaterThan(0);
  });

  test("loads no package it does not need", () => {
    const allowed = MAY_LOAD[subpath] ?? [];
    expect(loaded.packages.filter((name) => !allowed.includes(name))).toEqual([]);
  });

  if (loaded.packages.length === 0)
    test("imports without any peer installed", () => {
      expect(importIn(bare, specifier)).toEqual(loaded);
    });
});

test("the exports map lists the core and at least one store and one cloud", () => {
  expect(entries.map(({ subpath }) => subpath)).toEqual(expect.arrayContaining([".", "./postgres", "./aws"]));
});

test("the recorder sees imports of packages", () => {
  const script = join(installedIn(withPeers), "planted.mjs");
  writeFileSync(script, `import "pg"; export const planted = true;\n`);
  try {
    expect(importIn(withPeers, script)).toEqual({ names: ["planted"], packages: ["pg"] });
  } finally {
    rmSync(script);
  }
});

test("all subpaths share one copy of the error class", () => {
  const folder = installedIn(bare);
  const declaring = filesOf(folder, ".js").filter((path) =>
    /class BuyonceError|BuyonceError ?= ?class/.test(readFileSync(join(folder, path), "utf8")),
  );
  const ofCommonJs = declaring.filter((path) => path.startsWith("dist/cjs/"));
  expect([ofCommonJs.length, declaring.length]).toEqual([1, 2]);
});
