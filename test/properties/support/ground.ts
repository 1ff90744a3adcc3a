import { setTimeout as sleep } from "node:timers/promises";
import type fc from "fast-check";
import { type Clock, systemClock } from "../../../src/domain/clock.js";
import type { ExecutionStore } from "../../../src/store-port/execution-store.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { migrate, postgresStore } from "../../../src/stores/postgres/index.js";
import { sqliteStore, sqliteTransaction } from "../../../src/stores/sqlite/index.js";
import { interceptPort } from "../../../src/testing/crashing-store.js";
import { manualClock } from "../../../src/testing/manual-clock.js";
import { type SimulatedCloud, simulatedCloud } from "../../../src/testing/simulated-cloud.js";
import { QUICK } from "../../engine/support/on-each-store.js";
import { schemaForTest } from "../../stores/support/schema-for-test.js";
import type { SqliteFile } from "../../stores/support/sqlite-file.js";
import type { TestDatabase } from "../../stores/support/test-database.js";
import { CONTRACT, SETTLE_WAIT_MS } from "../../support/purchase-fixture.js";

/** A store with its time, before anybody plays. */
export interface Ground {
  readonly store: ExecutionStore;
  readonly clock: Clock;
  readonly cloud: SimulatedCloud;
  /** Decides in a transaction of the caller's, if the store has such. */
  inTransaction(commits: boolean, decide: (store: ExecutionStore) => Promise<unknown>): Promise<unknown>;
  /** Awaited before each call of the store, for others to come first. */
  pause(): Promise<void>;
  /** Lets so much time pass that the cloud answers every doubt. */
  settle(): Promise<void>;
  /** Awaits what happens at the same time. */
  together(actors: readonly Promise<void>[]): Promise<unknown>;
}

/** The memory store, whose calls the scheduler puts in any order. */
export function memoryGround(scheduler: fc.Scheduler): Ground {
  const clock = manualClock();
  const store = memoryStore({ clock });
  return {
    store,
    clock,
    cloud: simulatedCloud({ contract: CONTRACT.native, clock }),
    inTransaction: (commits, decide) => (commits ? decide(store) : Promise.resolve()),
    pause: () => scheduler.schedule(Promise.resolve()),
    settle: async () => clock.advance(SETTLE_WAIT_MS),
    together: (actors) => scheduler.waitFor(Promise.all(actors)),
  };
}

/** A SQLite file, whose calls the scheduler puts in any order. */
export function sqliteGround({ database }: Pick<SqliteFile, "database">, scheduler: fc.Scheduler): Ground {
  const ground = memoryGround(scheduler);
  const { clock } = ground;
  return {
    ...ground,
    store: sqliteStore(database, { clock }),
    inTransaction: async (commits, decide) => {
      const held = sqliteTransaction(
        database,
        async (store) => {
          await decide(store);
          if (!commits) throw new RolledBack();
        },
        { clock },
      );
      await held.catch((error: unknown) => {
        if (!(error instanceof RolledBack)) throw error;
      });
    },
  };
}

class RolledBack extends Error {}

/** A schema of its own in a database. */
export async function postgresGround(database: TestDatabase): Promise<Ground> {
  const schema = schemaForTest(database.pool);
  await migrate(database.pool, { schema });
  const clock = systemClock;
  return {
    store: postgresStore(database.pool, { schema }),
    clock,
    cloud: simulatedCloud({ contract: QUICK.native, clock }),
    inTransaction: (commits, decide) => inTransaction(database, schema, { commits, decide }),
    pause: async () => {},
    settle: () => sleep(250),
    together: (actors) => Promise.all(actors),
  };
}

/** Decides in a transaction, and commits it or rolls it back. */
async function inTransaction(
  { pool }: TestDatabase,
  schema: string,
  { commits, decide }: { readonly commits: boolean; decide(store: ExecutionStore): Promise<unknown> },
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await decide(postgresStore(client, { schema }));
    await client.query(commits ? "commit" : "rollback");
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

/** A call of the store that dies, by its number, and whether before or after its effect. */
export interface Death {
  readonly call: number;
  readonly after: boolean;
}

/** What a call of the store that dies throws. */
export class Died extends Error {}

/** A store whose calls are overtaken by others, and some of which die. `committed` is awaited after each commit. */
export function mortalStore(
  { pause }: Ground,
  store: ExecutionStore,
  {
    deaths,
    committed = async () => {},
  }: { readonly deaths: readonly Death[]; readonly committed?: () => Promise<void> },
): ExecutionStore {
  let calls = 0;
  const die = (after: boolean) => {
    if (deaths.some((death) => death.call === calls && death.after === after)) throw new Died("the store died");
  };
  return interceptPort(store, {
    async before() {
      await pause();
      calls += 1;
      die(false);
    },
    async after(call) {
      if (call === "commit") await committed();
      die(true);
    },
  });
}
