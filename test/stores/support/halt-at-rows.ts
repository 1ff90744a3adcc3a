import type pg from "pg";
import { onTestFinished } from "vitest";
import { advisoryWaiter } from "./advisory-waiter.js";
import { roleForTest } from "./role-for-test.js";
import type { TestDatabase } from "./test-database.js";

/** Statements that halt where they have seen a row of `executions` and have not locked it yet. */
export interface HaltedAtRows {
  /** Of a role whose statements halt. */
  readonly pool: pg.Pool;
  /** Until a statement has halted. */
  reached(): Promise<number>;
  goOn(): Promise<void>;
}

const GATE = 987_654;

/** Halts a role at every row of `executions` that it reads, by a row security policy that waits for an advisory lock. */
export async function haltAtRows({ url, pool }: TestDatabase, schema: string): Promise<HaltedAtRows> {
  const role = await roleForTest({ url, pool });
  await pool.query(`
    grant usage on schema ${schema} to ${role.name};
    grant delete on ${schema}.commitments to ${role.name};
    grant select, insert, update on all tables in schema ${schema} to ${role.name};
    create function ${schema}.halt() returns boolean language sql volatile as
      'select pg_advisory_xact_lock_shared(${GATE}) is not null';
    alter table ${schema}.executions enable row level security;
    create policy halt on ${schema}.executions using (${schema}.halt())`);
  const gate = await pool.connect();
  await gate.query(`select pg_advisory_lock(${GATE})`);
  let open: Promise<void> | undefined;
  const goOn = () => (open ??= letGo());
  onTestFinished(goOn);
  return { pool: role.pool, reached: () => advisoryWaiter(pool, GATE), goOn };

  async function letGo(): Promise<void> {
    await gate.query(`select pg_advisory_unlock(${GATE})`);
    gate.release();
    await pool.query(`
      drop policy halt on ${schema}.executions;
      alter table ${schema}.executions disable row level security;
      drop function ${schema}.halt()`);
  }
}
