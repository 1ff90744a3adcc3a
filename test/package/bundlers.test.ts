import { cpSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { promisify } from "node:util";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import { describe, expect, inject, test } from "vitest";
import { type Configuration, type Stats, webpack } from "webpack";
import { entriesOf, installedIn, readManifest } from "./packed-package.js";

const { withPeers } = inject("consumers");
const { peerDependencies } = readManifest(installedIn(withPeers));
const peers = Object.keys(peerDependencies);

/** A program that uses all of one subpath. */
function programOf(specifier: string): string {
  const path = join(withPeers, "bundled.mjs");
  writeFileSync(path, `import * as all from ${JSON.stringify(specifier)};\nconsole.log(all);\n`);
  return path;
}

/** The package as a workspace links to it: esbuild does not warn of files below `node_modules`. */
cpSync(installedIn(withPeers), join(withPeers, "linked"), { recursive: true });
const linked = (file: string): string => `./${posix.join("linked", file)}`;

async function esbuildWarnings(program: string, format: "esm" | "cjs"): Promise<readonly string[]> {
  const { warnings } = await esbuild.build({
    entryPoints: [program],
    bundle: true,
    write: false,
    platform: "node",
    format,
    external: peers.flatMap((name) => [name, `${name}/*`]),
    logLevel: "silent",
  });
  return warnings.map(({ id, text }) => `${id}: ${text}`);
}

async function rollupWarnings(program: string): Promise<readonly string[]> {
  const warnings: string[] = [];
  const bundle = await rollup({
    input: program,
    external: (id) => id.startsWith("node:") || peers.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [{ name: "installed", resolveId: (id) => installedFile(id) }],
    onwarn: ({ code, message }) => void warnings.push(`${code}: ${message}`),
  });
  await bundle.generate({ format: "es" });
  await bundle.close();
  return warnings;
}

/** Where a subpath of ours stands; Rollup by itself knows no packages. */
function installedFile(specifier: string) {
  const entry = entries.find((candidate) => candidate.specifier === specifier);
  return entry && { id: join(installedIn(withPeers), entry.default), moduleSideEffects: false };
}

async function webpackWarnings(program: string): Promise<readonly string[]> {
  const bundle = promisify<Configuration, Stats | undefined>(webpack);
  const stats = await bundle({
    entry: program,
    mode: "production",
    target: "node20",
    optimization: { minimize: false },
    output: { path: join(withPeers, "webpack"), module: true, library: { type: "module" } },
    experiments: { outputModule: true },
    externalsType: "module",
    externals: peers.flatMap((name) => [name, new RegExp(`^${name}/`)]),
  });
  const { warnings = [], errors = [] } = stats?.toJson({ all: false, warnings: true, errors: true }) ?? {};
  return [...errors, ...warnings].map(({ message }) => message);
}

const entries = entriesOf(readManifest(installedIn(withPeers)));

describe.each(entries)("bundling $specifier", ({ specifier, default: file }) => {
  test("makes esbuild warn of nothing", async () => {
    expect(await esbuildWarnings(programOf(linked(file)), "esm")).toEqual([]);
  });

  // The simulator starts a process from a file beside it, which it finds by `import.meta.url`.
  if (specifier !== "buyonce/simulator")
    test("makes esbuild warn of nothing where it writes CommonJS", async () => {
      expect(await esbuildWarnings(programOf(linked(file)), "cjs")).toEqual([]);
    });

  test("makes Rollup warn of nothing", async () => {
    expect(await rollupWarnings(programOf(specifier))).toEqual([]);
  });

  test("makes webpack warn of nothing", async () => {
    expect(await webpackWarnings(programOf(specifier))).toEqual([]);
  });
});

test("an import for side effects alone is noticed", async () => {
  const planted = linked("dist/planted.js");
  writeFileSync(join(withPeers, planted), `import "./index.js";\nexport const planted = true;\n`);
  const warnings = await esbuildWarnings(programOf(planted), "esm");
  expect(warnings.join()).toContain("ignored-bare-import");
});
