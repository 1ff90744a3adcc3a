import { execFile } from "node:child_process";
import { cpSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { beforeAll, describe, expect, inject, test } from "vitest";

const ran = promisify(execFile);
const { bare, withPeers } = inject("consumers");
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
  /** Jest loads tests that are ES modules only under a flag. */
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

const jestOn = (file: string, folder = consumer): Runner => ({
  args: [
    ...[join(modules, "jest/bin/jest.js"), "--rootDir", folder, "--runTestsByPath", join(folder, file)],
    ...[
      "--json",
      "--silent",
      "--watchman=false",
      `--testTimeout=${TIMEOUT_MS}`,
      "--cacheDirectory",
      join(folder, "jest"),
    ],
  ],
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
  "jest, as ES modules": {
    ...jestOn("kit.jest.test.mjs"),
    nodeOptions: "--experimental-vm-modules --no-warnings",
  },
  "jest without any option, as CommonJS": jestOn("kit.jest.test.cjs"),
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
  const bundled = { bundle: true, platform: "node", logLevel: "silent" } as const;
  await build({
    ...bundled,
    entryPoints: [join(sources, "shop.mts")],
    outfile: join(consumer, "shop.mjs"),
    format: "esm",
  });
  // As a transform of jest compiles it.
  const jestTest = join(consumer, "kit.jest.test");
  await build({
    ...bundled,
    entryPoints: [`${jestTest}.mjs`],
    outfile: `${jestTest}.cjs`,
    format: "cjs",
    external: ["buyonce"],
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

test("a purchase goes through SDK, driver and simulator under jest without any option", async () => {
  cpSync(join(sources, "program.jest.test.cjs"), join(withPeers, "program.jest.test.cjs"));
  expect(await run(jestOn("program.jest.test.cjs", withPeers))).toMatchObject({ passed: 2, failed: 0 });
});
