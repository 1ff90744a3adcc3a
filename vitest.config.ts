import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import tsconfig from "./tsconfig.json" with { type: "json" };

// Properties draw from this seed, so that a run can be repeated. Kept in the environment, because vitest evaluates
// this file once for each project.
if (process.env.BUYONCE_SEED === undefined) {
  process.env.BUYONCE_SEED = String(Math.floor(Math.random() * 2 ** 31));
  console.log(`Repeat this run with BUYONCE_SEED=${process.env.BUYONCE_SEED}`);
}

// Tests import "buyonce/..." as a consumer does, and get the sources.
const alias = Object.entries(tsconfig.compilerOptions.paths).map(([subpath, [source]]) => ({
  find: new RegExp(`^${subpath}$`),
  replacement: new URL(String(source), import.meta.url).pathname,
}));

/** What takes longest, longest first: begun early, it leaves no processor idle at the end. */
const LONG = [
  "properties/double-purchase",
  "pglite/kills",
  "azure/contract",
  "embedded/kills",
  "postgres/executors",
  "embedded/embedded-postgres",
  "soak/",
  "store-contract",
  "properties/",
  "pglite/locks",
  "postgres/million-rows",
  "postgres/migration-processes",
  "end-to-end/",
  "gcp/contract",
  "aws/contract",
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
    // Property and crash tests are bound by the processor, and each PostgreSQL wants one as well.
    maxWorkers: 2,
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
          include: ["test/**/*.test.ts"],
          exclude: ["test/package/**"],
          setupFiles: ["scripts/seed-fast-check.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "package",
          include: ["test/package/**/*.test.ts"],
          globalSetup: ["test/package/pack-and-install.setup.ts"],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
