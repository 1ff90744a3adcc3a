import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ExecutionChange } from "../../../src/store-port/execution-store.js";
import { migrate, postgresStore } from "../../../src/stores/postgres/index.js";
import {
  approval,
  approved,
  limitOn,
  setLimits,
  setOf,
  useOf,
  waiting,
} from "../../../src/testing/store-contract/limit-steps.js";
import { committed, unique } from "../../../src/testing/store-contract/samples.js";
import { changeOf, lineChange, moved } from "../../../src/testing/store-contract/steps.js";
import { schemaForTest } from "../support/schema-for-test.js";
import { startDatabase, type TestDatabase } from "../support/test-database.js";

/** A change that ends an execution whatever its version, over each of the statements that may do so. */
const ENDS: Readonly<Record<string, Partial<ExecutionChange>>> = {
  "by its status alone": { status: "canceled" },
  "by its status and more": { status: "canceled", wakeAt: null },
};

describe("a change that waits for an approval", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startDatabase();
  });
  afterAll(() => database.close());

  test.each(Object.entries(ENDS))("%s releases what the approval held meanwhile", async (_, end) => {
    const schema = schemaForTest(database.pool);
    await migrate(database.pool, { schema });
    const store = postgresStore(database.pool, { schema });
    const account = unique("account");
    const limit = limitOn(account);
    await setLimits(store, limit);
    const execution = await waiting(store, account, ["10", "20"]);
    const client = await database.pool.connect();
    try {
      await client.query("begin");
      const approved = await postgresStore(client, { schema }).commit(approval(execution));
      expect(approved.kind).toBe("moved");
      const ending = store.commit(changeOf(execution, end));
      await untilSomebodyWaits();
      await client.query("commit");
      const ended = await ending;
      expect(ended.kind === "moved" && ended.execution.lines).toHaveLength(2);
      expect(await useOf(store, limit)).toMatchObject({ held: "0", used: "0" });
    } finally {
      client.release();
    }
  });

  test("and is rolled back leaves no hold, and lets the next approval through", async () => {
    const schema = schemaForTest(database.pool);
    await migrate(database.pool, { schema });
    const store = postgresStore(database.pool, { schema });
    const account = unique("account");
    const limit = limitOn(account);
    await setLimits(store, limit);
    const [first, second] = [await waiting(store, account, ["60"]), await waiting(store, account, ["60"])];
    const client = await database.pool.connect();
    try {
      await client.query("begin");
      expect((await postgresStore(client, { schema }).commit(approval(first))).kind).toBe("moved");
      const waitingApproval = store.commit(approval(second));
      await untilSomebodyWaits();
      await client.query("rollback");
      expect((await waitingApproval).kind).toBe("moved");
      expect(await store.commit(approval(first))).toMatchObject({ kind: "refused", because: "limit" });
      expect(await useOf(store, limit)).toMatchObject({ held: "60", used: "0" });
    } finally {
      client.release();
    }
  });

  test("two transactions that approve before limits were ever stored may both store them, one after the other", async () => {
    const schema = schemaForTest(database.pool);
    await migrate(database.pool, { schema });
    const execution = () => waiting(postgresStore(database.pool, { schema }), unique("account"), ["1"]);
    const set = setOf(limitOn(unique("account")));
    const change = { set, replaces: null, changedBy: "alice", reason: "the first" };
    const clients = [await database.pool.connect(), await database.pool.connect()] as const;
    try {
      const stores = clients.map((client) => postgresStore(client, { schema }));
      for (const client of clients) await client.query("begin");
      for (const store of stores)
        expect(await store.commit(approval(await execution(), { limits: set.fingerprint }))).toEqual({
          kind: "refused",
          because: "definitions",
          fingerprint: null,
        });
      expect(await stores[0]?.changeLimits(change)).toEqual({ kind: "stored" });
      const second = stores[1]?.changeLimits(change);
      await untilSomebodyWaits();
      await clients[0].query("commit");
      expect(await second).toEqual({ kind: "stored" });
    } finally {
      for (const client of clients) {
        await client.query("rollback");
        client.release();
      }
    }
  });

  test("a counter that is lost refuses approvals until what the lines hold is counted anew", async () => {
    const schema = schemaForTest(database.pool);
    await migrate(database.pool, { schema });
    const store = postgresStore(database.pool, { schema });
    const account = unique("account");
    const limit = limitOn(account);
    await setLimits(store, limit);
    const [bought, held] = [await approved(store, account, ["20"]), await approved(store, account, ["30"])];
    const next = await waiting(store, account, ["40"]);
    await database.pool.query(`delete from ${schema}.limit_counters`);
    const refused = { kind: "refused", because: "amount", uncounted: [{ limit: limit.name, lineIndex: 0 }] };
    expect(await store.commit(approval(next))).toEqual(refused);
    await expect(store.limits()).rejects.toThrow(/is lost/);
    await moved(store, lineChange(bought, committed(unique("ri"))));
    expect(await store.commit(approval(next))).toEqual(refused);
    await expect(store.limits()).rejects.toThrow(/is lost/);
    const docs = await readFile(new URL("../../../docs/postgres.md", import.meta.url), "utf8");
    const recount = /```sql\n(delete from buyonce\.limit_counters[^`]*)```/.exec(docs)?.[1] ?? "";
    await database.pool.query(recount.replaceAll("buyonce.", `${schema}.`));
    expect(await useOf(store, limit)).toMatchObject({ used: "20", held: "30" });
    expect((await store.commit(approval(next))).kind).toBe("moved");
    await moved(store, changeOf(held, { status: "canceled" }));
    expect(await useOf(store, limit)).toMatchObject({ used: "20", held: "40" });
  });

  async function untilSomebodyWaits(): Promise<void> {
    for (let waits = 0; waits === 0; await sleep(10)) {
      const { rows } = await database.pool.query("select count(*)::int as waits from pg_locks where not granted");
      waits = rows[0].waits;
    }
  }
});
