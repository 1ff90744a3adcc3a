import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Execution } from "../../../src/domain/execution.js";
import type { ExecutionStore } from "../../../src/store-port/execution-store.js";
import { migrate, postgresStore } from "../../../src/stores/postgres/index.js";
import { approval, approved, limitOn, setLimits, waiting } from "../../../src/testing/store-contract/limit-steps.js";
import { sampleLine, unique } from "../../../src/testing/store-contract/samples.js";
import { type Child, startChild } from "../support/child.js";
import { randomSchema, startDatabase, type TestDatabase } from "../support/test-database.js";

interface Rivalry {
  /** Makes two baskets of which only one may be approved. */
  meet(store: ExecutionStore): Promise<readonly [Execution, Execution]>;
  /** The rows for which an approval waits, after it has locked those before. */
  readonly rows: string;
}

const RIVALRIES: Readonly<Record<string, Rivalry>> = {
  "a need": {
    async meet(store) {
      const need = { key: unique("need"), windowMs: 3_600_000, allowOverlap: null };
      const basket = () => waiting(store, "", [], { lines: [{ ...sampleLine(), need }] });
      return [await basket(), await basket()];
    },
    rows: "executions where id = $1",
  },
  "a limit": {
    async meet(store) {
      const account = unique("account");
      await setLimits(store, limitOn(account));
      await approved(store, account, ["10"]);
      const basket = () => waiting(store, account, ["60"]);
      return [await basket(), await basket()];
    },
    rows: "limit_counters where held = 10 and $1 <> ''",
  },
};

const schema = randomSchema();
let database: TestDatabase;
let store: ExecutionStore;
let hurried: pg.Pool;
beforeAll(async () => {
  database = await startDatabase();
  await migrate(database.pool, { schema });
  store = postgresStore(database.pool, { schema });
  hurried = new pg.Pool({ connectionString: database.url, max: 1, lock_timeout: 100 });
});
afterAll(async () => {
  await hurried.end();
  await database.close();
});

describe.each(Object.entries(RIVALRIES))(
  "while the process that approves a basket is stopped, one that shares %s",
  (_, { meet, rows }) => {
    test("waits for its open transaction, and is approved in its place after it is killed", async () => {
      const [first, second] = await meet(store);
      const holder = await stoppedHolder(first, "open");
      await expect(postgresStore(hurried, { schema }).commit(approval(second))).rejects.toMatchObject({
        code: "55P03",
      });
      const late = store.commit(approval(second));
      await untilWaiting(1);
      holder.process.kill("SIGKILL");
      expect((await late).kind).toBe("moved");
      expect((await store.commit(approval(first))).kind).toBe("refused");
      expect(await statuses(first, second)).toEqual(["pending", "approved"]);
    });

    test("waits for its statement, of which one gets through although its process never goes on", async () => {
      const [first, second] = await meet(store);
      const lock = await database.pool.connect();
      await lock.query("begin");
      await lock.query(`select from ${schema}.${rows} for update`.replace("$1", `'${first.id}'`));
      const holder = await stoppedHolder(first, "none");
      const late = store.commit(approval(second));
      await untilWaiting(2);
      await lock.query("commit");
      lock.release();
      expect((await late).kind).toBe("refused");
      expect(await statuses(first, second)).toEqual(["approved", "pending"]);
      holder.process.kill("SIGKILL");
    });

    /** A process that is stopped while it approves: once its approval is made, or once its statement waits for a lock. */
    async function stoppedHolder({ id }: Execution, transaction: "open" | "none"): Promise<Child> {
      const child = startChild("approval-holder-process.ts", database.url, schema, id, transaction);
      onTestFinished(() => void child.process.kill("SIGKILL"));
      expect(await child.said()).toBe("begun");
      if (transaction === "open") expect(await child.said()).toBe("moved");
      else await untilWaiting(1);
      child.process.kill("SIGSTOP");
      return child;
    }

    async function untilWaiting(sessions: number): Promise<void> {
      for (let waits = 0; waits < sessions; await sleep(10)) {
        const { rows } = await database.pool.query(
          "select count(distinct pid)::int as waits from pg_locks where not granted",
        );
        waits = rows[0].waits;
      }
    }

    const statuses = async (...executions: readonly Execution[]) =>
      Promise.all(executions.map(async ({ id }) => (await store.get(id))?.status));
  },
);
