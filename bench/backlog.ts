import type pg from "pg";
import { migrate, postgresStore } from "../src/stores/postgres/index.js";
import { fillWithStuck } from "../test/stores/support/stuck-executions.js";
import { approvedBasket, instantEngine } from "./instant-purchases.js";
import type { Finding } from "./rounds.js";
import { withPostgres } from "./with-postgres.js";

const BACKLOG = 10_000;
const MAX_ROUNDS = 20;

/** How many rounds a fresh approval waits behind executions that have failed before, are all due, and fail again. */
export function benchBacklog(): Promise<readonly Finding[]> {
  return withPostgres(async (pool) => {
    const schema = `bench_${process.pid}_backlog`;
    await migrate(pool, { schema });
    try {
      await fillWithFailed(pool, schema);
      const store = postgresStore(pool, { schema });
      const engine = instantEngine(store, { reapAfterMs: 86_400_000 });
      const id = await approvedBasket(engine, 1);
      let rounds = 0;
      for (let status = "approved"; status !== "completed"; rounds += 1) {
        if (rounds === MAX_ROUNDS) throw new Error(`not bought after ${MAX_ROUNDS} rounds`);
        await engine.tick({ limit: 50 });
        status = (await store.get(id))?.status ?? "gone";
      }
      const name = `rounds of 50 until a fresh approval is bought behind ${BACKLOG} that fail`;
      return [{ name, value: rounds, unit: "", limit: { atMost: 1 } }];
    } finally {
      await pool.query(`drop schema ${schema} cascade`);
    }
  });
}

/** Approved executions that nobody sells, whose pause after a failure is over. */
async function fillWithFailed(pool: pg.Pool, schema: string): Promise<void> {
  await fillWithStuck(pool, schema, { count: BACKLOG });
  await pool.query(
    `update ${schema}.executions set status = 'approved', wake_at = now() - interval '1 minute',
            updated_at = now() - interval '2 minutes', last_active_at = now(),
            approved_by = 'ann', approval_from = now()`,
  );
  await pool.query(`vacuum analyze ${schema}.executions`);
}
