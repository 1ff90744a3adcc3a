import { execFile } from "node:child_process";
import { cpSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { installedIn, readManifest } from "./packed-package.js";

const ran = promisify(execFile);
const { bare } = inject("consumers");
const consumer = join(bare, "..", "kit");
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
const sources = fileURLToPath(new URL("runners", import.meta.url));

/** What a runner counted. */
interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** A runner as its own process starts it, and how its output tells the counts. */
interface Runner {
  readonly args: readonly string[];
  /** Jest loads ES modules only under this flag. */
  readonly nodeOptions?: string;
  counts(stdout: string): Counts;
}

const TIMEOUT_MS = 100_000;

const jsonCounts = (stdout: string): Counts => {
  const report = JSON.parse(stdout.slice(stdout.indexOf('{"num'))) as {
    readonly numPassedTests: number;
    readonly numFailedTests: number;
  };
  return { passed: report.numPassedTests, failed: report.numFailedTests };
};

const jestOn = (file: string): Runner => ({
  args: [
    ...[join(modules, "jest/bin/jest.js"), "--rootDir", consumer, "--runTestsByPath", join(consumer, file)],
    ...[
      "--json",
      "--silent",
      "--watchman=false",
      `--testTimeout=${TIMEOUT_MS}`,
      "--cacheDirectory",
      join(consumer, "jest"),
    ],
  ],
  nodeOptions: "--experimental-vm-modules --no-warnings",
  counts: jsonCounts,
});

const RUNNERS: Readonly<Record<string, Runner>> = {
  vitest: {
    args: [
      ...[join(modules, "vitest/vitest.mjs"), "run", "--root", consumer, "kit.vitest.test.mjs"],
      ...["--reporter=json", "--silent", `--testTimeout=${TIMEOUT_MS}`],
    ],
    counts: jsonCounts,
  },
  jest: jestOn("kit.jest.test.mjs"),
  "node:test": {
    args: ["--test", "--test-reporter=tap", "kit.node.test.mjs"],
    counts: (stdout) => ({
      passed: Number(/^# pass (\d+)$/m.exec(stdout)?.[1]),
      failed: Number(/^# fail (\d+)$/m.exec(stdout)?.[1]),
    }),
  },
};

/** Runs a runner in the consumer. Its output is the error's message if it fails. */
async function run({ args, nodeOptions = "", counts }: Runner): Promise<Counts & { readonly stdout: string }> {
  // The runner must not take itself for a part of the runner that runs this file.
  const { VITEST: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const { stdout } = await ran(process.execPath, args, {
    cwd: consumer,
    encoding: "utf8",
    env: { ...env, NODE_OPTIONS: nodeOptions, NODE_ENV: "test" },
    maxBuffer: 2 ** 26,
  }).catch((thrown: { readonly stdout?: string; readonly stderr?: string }) => {
    throw new Error(`${String(thrown)}\n${thrown.stdout?.slice(-20_000)}\n${thrown.stderr?.slice(-5_000)}`);
  });
  return { ...counts(stdout), stdout };
}

beforeAll(async () => {
  cpSync(bare, consumer, { recursive: true });
  cpSync(sources, consumer, { recursive: true });
  symlinkSync(join(modules, "vitest"), join(consumer, "node_modules/vitest"), "junction");
  await build({
    entryPoints: [join(sources, "shop.mts")],
    outfile: join(consumer, "shop.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "silent",
  });
});

describe("the packed testing kit", () => {
  test.each(Object.entries(RUNNERS))(
    "passes its suites and catches every faulty embedder under %s",
    async (_, runner) => {
      const { passed, failed } = await run(runner);
      // Hundreds of cases: a runner that registered none would pass, too.
      expect({ failed, isWhole: passed > 500 }).toEqual({ failed: 0, isWhole: true });
    },
  );
});

/** Jest loads ES modules by `require` from Node 24.9 on, under the same flag. */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const core = readManifest(installedIn(bare)).exports["."];
const canBeRequired = typeof core === "object" && "default" in core;
const jestRequires = major > 24 || (major === 24 && minor >= 9);

test.skipIf(!(jestRequires && canBeRequired))("the store contract passes under jest's CommonJS", async () => {
  const { passed, failed } = await run(jestOn("required.jest.test.cjs"));
  expect({ failed, isWhole: passed > 250 }).toEqual({ failed: 0, isWhole: true });
});
