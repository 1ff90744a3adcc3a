import type pg from "pg";
import { onTestFinished } from "vitest";
import { poolOf } from "./chaos-server.js";

/** A pool as a worker's process has one; it is closed after the test. */
export function poolForTest(connectionString: string, options: pg.PoolConfig = {}): pg.Pool {
  const pool = poolOf(connectionString, { application_name: "worker", ...options });
  onTestFinished(() => pool.end());
  return pool;
}
