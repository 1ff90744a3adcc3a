import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { onTestFinished } from "vitest";

/** Somebody's transaction that holds the row of an execution. */
export interface RowLock {
  /** Waits until so many other sessions wait for it; their process ids on the server. */
  waiters(atLeast: number): Promise<readonly number[]>;
  release(): Promise<void>;
}

/** Locks an execution's row, as a long transaction or a person at psql does. */
export async function lockRow(pool: pg.Pool, schema: string, executionId: string): Promise<RowLock> {
  const holder = await pool.connect();
  await holder.query("begin");
  await holder.query(`select from ${schema}.executions where id = $1 for update`, [executionId]);
  let released: Promise<void> | undefined;
  const letGo = async () => {
    await holder.query("commit");
    holder.release();
  };
  const release = () => (released ??= letGo());
  onTestFinished(release);
  return { waiters, release };

  async function waiters(atLeast: number): Promise<readonly number[]> {
    for (;;) {
      const { rows } = await pool.query<{ pid: number }>(
        "select pid from pg_stat_activity where wait_event_type = 'Lock' and query like $1 order by query_start",
        [`%${schema}%`],
      );
      if (rows.length >= atLeast) return rows.map(({ pid }) => pid);
      await sleep(5);
    }
  }
}
