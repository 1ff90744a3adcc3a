import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import tsconfig from "./tsconfig.json" with { type: "json" };

// Properties draw from this seed, so that a run can be repeated. Kept in the environment, because vitest evaluates
// this file once for each project.
if (process.env.BUYONCE_SEED === undefined) {
  process.env.BUYONCE_SEED = String(Math.floor(Math.random() * 2 ** 31));
  console.log(`Repeat this run with BUYONCE_SEED=${process.env.BUYONCE_SEED}`);
}

// What the tests of a run make once and share.
if (process.env.BUYONCE_TEST_RUN === undefined) {
  const folder = mkdtempSync(join(tmpdir(), "buyonce-test-run-"));
  process.env.BUYONCE_TEST_RUN = folder;
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
}

// Tests import "buyonce/..." as a consumer does, and get the sources.
const alias = Object.entries(tsconfig.compilerOptions.paths).map(([subpath, [source]]) => ({
  find: new RegExp(`^${subpath}$`),
  replacement: new URL(String(source), import.meta.url).pathname,
}));

/** Tests about processes: those that a process starts, locks, kills, or leaves behind. Each file has one of its own. */
const PROCESSES = [
  "chaos",
  "end-to-end",
  "examples",
  "linearizability",
  "soak",
  "stores/embedded",
  "stores/local",
  "stores/pglite",
  "stores/sqlite",
].map((folder) => `test/${folder}/**/*.test.ts`);

/**
 * The newest majors of SDKs, by the packages in whose place they are loaded. They state Node 22 and load on Node 20 too
 * (tried on 20.20).
 */
const NEWEST = {
  "@azure/arm-reservations": "newest-arm-reservations",
  "@google-cloud/compute": "newest-google-compute",
  "google-auth-library": "newest-google-auth-library",
};

/** What takes longest, longest first: begun early, it leaves no processor idle at the end. */
const LONG = [
  "pglite/kills",
  "embedded/kills",
  "embedded/embedded-postgres",
  "soak/",
  "linearizability/",
  "end-to-end/",
  "pglite/",
  "embedded/",
  "chaos/",
  "stores/local/",
  "package/",
  // From here on files share processes, which ends with the first file that has one of its own.
  "properties/double-purchase",
  "postgres/executors",
  "store-contract",
  "properties/",
  "postgres/many-rows",
  "gcp/contract",
  "aws/contract",
  "azure/contract",
  "postgres/",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONG.findIndex((part) => moduleId.includes(`/${part}`));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: { alias },
  test: {
    pool: "forks",
    sequence: { sequencer: LongestFirst },
    // One more than the processors of a small machine: tests over servers wait for them a part of their time.
    maxWorkers: 3,
    // A busy machine may take seconds to start a process or a server; no test measures time by this.
    testTimeout: 60_000,
    // Hooks start PostgreSQL.
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: "sources",
          sequence: { groupOrder: 1 },
          // What a file imports is there for the next one: loading the SDKs takes longer than many tests.
          isolate: false,
          include: ["test/**/*.test.ts"],
          exclude: ["test/package/**", ...PROCESSES],
          setupFiles: ["scripts/seed-fast-check.ts"],
        },
      },
      {
        // The tests of the adapters once more, with the newest majors of their SDKs.
        extends: true,
        resolve: {
          alias: Object.entries(NEWEST).map(([name, replacement]) => ({ find: new RegExp(`^${name}$`), replacement })),
        },
        test: {
          name: "newest",
          sequence: { groupOrder: 1 },
          isolate: false,
          include: ["test/providers/azure/**/*.test.ts", "test/providers/gcp/**/*.test.ts"],
          // What is about the cloud's answers, and the same for every SDK.
          exclude: [
            "test/providers/*/{bodies,doubts,ended,engine,order-states,prepare,spend-engine}*.test.ts",
            "test/providers/gcp/recommendations/{recommended,spend}*.test.ts",
          ],
          env: { BUYONCE_SDKS: "newest" },
          setupFiles: ["scripts/seed-fast-check.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "processes",
          include: PROCESSES,
          setupFiles: ["scripts/seed-fast-check.ts"],
          // Each starts processes of its own. They run before all others.
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: "package",
          sequence: { groupOrder: 1 },
          include: ["test/package/**/*.test.ts"],
          globalSetup: ["test/package/pack-and-install.setup.ts"],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
