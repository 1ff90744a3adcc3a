import type pg from "pg";
import { onTestFinished } from "vitest";
import { randomSchema } from "./test-database.js";

/** The name of a schema that is dropped after the test. */
export function schemaForTest(pool: pg.Pool): string {
  const schema = randomSchema();
  onTestFinished(async () => {
    await pool.query(`drop schema if exists ${schema} cascade`);
  });
  return schema;
}
