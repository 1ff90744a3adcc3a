import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

/** Empty projects into which the packed tarball was installed. */
export interface Consumers {
  /** With nothing else: what a consumer of the core has. */
  readonly bare: string;
  /** With every optional peer dependency as well. */
  readonly withPeers: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    readonly consumers: Consumers;
  }
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Builds if a source changed since the last build, packs, and installs the tarball as a consumer would. */
export function setup(project: TestProject): () => void {
  execFileSync(process.execPath, ["scripts/build.mjs", "--if-stale"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  // The real path: the compiler and the module loader report files by it.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "buyonce-package-test-")));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    project.provide("consumers", packAndInstall(folder));
  } catch (error) {
    remove();
    throw error;
  }
  return remove;
}

function packAndInstall(folder: string): Consumers {
  const bare = join(folder, "bare");
  const withPeers = join(folder, "with-peers");
  installTarball(pack(folder), bare);
  cpSync(bare, withPeers, { recursive: true });
  linkPeers(withPeers);
  return { bare, withPeers };
}

function pack(folder: string): string {
  const report = npm(["pack", "--json", "--ignore-scripts", "--pack-destination", folder], root);
  const [{ filename }] = JSON.parse(report) as [{ filename: string }];
  return join(folder, filename);
}

function installTarball(tarball: string, consumer: string): void {
  mkdirSync(consumer);
  writeFileSync(join(consumer, "package.json"), `{ "name": "consumer", "private": true, "type": "module" }\n`);
  npm(["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", tarball], consumer);
}

function linkPeers(consumer: string): void {
  const { peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    peerDependencies: Readonly<Record<string, string>>;
  };
  const names = Object.keys(peerDependencies);
  const types = names.map((name) => `@types/${name}`).filter((name) => existsSync(join(root, "node_modules", name)));
  for (const name of [...names, ...types]) {
    const link = join(consumer, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", name), link, "junction");
  }
}

const npm = (args: readonly string[], cwd: string): string =>
  execFileSync("npm", args, { cwd, encoding: "utf8", shell: process.platform === "win32" });
