import { setTimeout as sleep } from "node:timers/promises";
import type { TestDatabase } from "./test-database.js";

/** The lock of a schema's migrations, held. */
export interface HeldSchemaLock {
  /** Waits until so many connections have met it. */
  metBy(connections: number): Promise<void>;
  free(): Promise<void>;
}

/** Holds the lock under which `migrate` changes a schema, as another process would that takes long. */
export async function holdSchemaLock({ pool }: Pick<TestDatabase, "pool">, schema: string): Promise<HeldSchemaLock> {
  const client = await pool.connect();
  const key = `buyonce migrations of ${schema}`;
  await client.query("select pg_advisory_lock(hashtextextended($1, 0))", [key]);
  return {
    async metBy(connections) {
      const met = "select distinct pid from pg_stat_activity where query like $1 and query like 'do %'";
      const seen = new Set<number>();
      while (seen.size < connections) {
        const { rows } = await client.query<{ pid: number }>(met, [`%${key}%`]);
        for (const { pid } of rows) seen.add(pid);
        await sleep(10);
      }
    },
    async free() {
      await client.query("select pg_advisory_unlock_all()");
      client.release();
    },
  };
}
