import { defineConfig } from "vitest/config";
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

export default defineConfig({
  resolve: { alias },
  test: {
    pool: "forks",
    // Property and crash tests are bound by the processor, and each PostgreSQL wants one as well.
    maxWorkers: 2,
    testTimeout: 20_000,
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
