import type pg from "pg";
import { vi } from "vitest";

/** Waits until a connection waits for an advisory lock, and gives its process id on the server. */
export const advisoryWaiter = (pool: Pick<pg.Pool, "query">, lock: number): Promise<number> =>
  vi.waitUntil(async () => {
    const { rows } = await pool.query(
      "select pid from pg_locks where locktype = 'advisory' and objid = $1 and not granted",
      [lock],
    );
    return rows[0]?.pid;
  }, WAIT);

/** The test's own time limit is the one that counts. */
const WAIT = { interval: 10, timeout: 60_000 };
