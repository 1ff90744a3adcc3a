import pg from "pg";
import { onTestFinished } from "vitest";
import { randomSchema, type TestDatabase } from "./test-database.js";

/** A role without any right beyond PUBLIC's, and how it connects. */
export interface TestRole {
  readonly name: string;
  readonly url: string;
  readonly pool: pg.Pool;
}

/** Makes a role with these settings, such as `statement_timeout = '1s'`; it is dropped after the test. */
export async function roleForTest(
  database: Pick<TestDatabase, "url" | "pool">,
  ...settings: readonly string[]
): Promise<TestRole> {
  const name = randomSchema();
  await database.pool.query(`create role ${name} login password 'secret'`);
  for (const setting of settings) await database.pool.query(`alter role ${name} set ${setting}`);
  const url = new URL(database.url);
  url.username = name;
  url.password = "secret";
  const pool = new pg.Pool({ connectionString: url.href, max: 4 });
  onTestFinished(async () => {
    await pool.end();
    await database.pool.query(`drop owned by ${name} cascade; drop role ${name}`);
  });
  return { name, url: url.href, pool };
}
