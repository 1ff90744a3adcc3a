import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgresStore, type SqlClient } from "../../src/stores/postgres/index.js";
import { roleForTest } from "../stores/support/role-for-test.js";
import { seededRandom } from "../stores/support/seeded-random.js";
import { simulatedLine } from "../support/purchase-fixture.js";
import { type ChaosServer, startChaosServer } from "./support/chaos-server.js";
import { noting } from "./support/noting.js";
import { poolForTest } from "./support/pool-for-test.js";
import { lockRow, type RowLock } from "./support/row-lock.js";
import { CONTRACT_KINDS, openShop, type Shop } from "./support/shop.js";

const LINES = [simulatedLine()];
let server: ChaosServer;
beforeAll(async () => {
  server = await startChaosServer();
});
afterAll(() => server.close());

/** The lock on the row of a basket, from when a worker prepares its purchase or has bought it. */
function lockedFrom(shop: Shop, id: string, when: "before" | "after", call: "prepare" | "purchase"): Promise<RowLock> {
  return new Promise((resolve) => {
    shop.once(when, call, async () => resolve(await lockRow(server.pool, shop.schema, id)));
  });
}

describe.each(CONTRACT_KINDS)("under contract %s, a backend that is terminated", (kind) => {
  test("while its write-ahead waits for a lock leaves the purchase to complete in the same run", async () => {
    const shop = await openShop(server.pool, kind);
    const id = await shop.basket();
    const locked = lockedFrom(shop, id, "before", "prepare");
    const { client, codes } = noting(poolForTest(server.url));
    const run = shop.worker(client).run(id);
    const lock = await locked;
    const [stuck] = await lock.waiters(1);
    await server.pool.query("select pg_terminate_backend($1)", [stuck]);
    while (codes.length === 0) await sleep(5);
    await lock.release();
    expect(await run).toMatchObject({ status: "completed", lines: [{ attempt: 1 }] });
    expect(codes).toEqual(["57P01"]);
    await shop.checkBooks();
  });

  test("at random under several workers neither buys twice nor loses a purchase", async () => {
    const random = seededRandom(Number(process.env.BUYONCE_SEED));
    const shop = await openShop(server.pool, kind, "brisk");
    const { client, codes } = noting(poolForTest(server.url, { max: 6 }));
    for (let basket = 0; basket < 6; basket += 1) await shop.basket(3);
    const state = { over: false };
    const workers = [shop.worker(client), shop.worker(client)].map(async (worker) => {
      while (!state.over) {
        await worker.tick().catch(() => {});
        await sleep(random.below(10));
      }
    });
    for (let terminated = 0; terminated < 60; terminated += 1) {
      await server.pool.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'worker' order by random() limit 1",
      );
      await sleep(random.below(50));
    }
    state.over = true;
    await Promise.all(workers);
    expect(codes.length).toBeGreaterThan(0);
    await shop.comeToRest();
    await shop.checkBooks();
  });
});

const TIMEOUTS = [
  ["statement_timeout of the connection", { statement_timeout: 60 }, "57014"],
  ["lock_timeout of the connection", { lock_timeout: 60 }, "55P03"],
  [
    "query_timeout of the driver, after which the statement still lands,",
    { query_timeout: 60 },
    "Error: Query read timeout",
  ],
] as const;

/**
 * A worker's connections of which, once the row is locked, those for writing have a timeout.
 *
 * Nothing else may run into it: on a busy machine a statement that waits for no lock may take as long.
 */
function hurriedOnce(locked: Promise<unknown>, timeout: pg.PoolConfig): SqlClient {
  const patient = poolForTest(server.url);
  const hurried = poolForTest(server.url, timeout);
  let writing = patient;
  void locked.then(() => {
    writing = hurried;
  });
  const writes = /\b(insert|update)\b/;
  return { query: (statement) => (writes.test(statement.text) ? writing : patient).query(statement) };
}

describe.each(TIMEOUTS)("a %s", (_, timeout, code) => {
  test("that ends a write-ahead sends nothing, and later ticks buy", async () => {
    const shop = await openShop(server.pool, "none", "brisk");
    const id = await shop.basket();
    const locked = lockedFrom(shop, id, "before", "prepare");
    const { client, codes } = noting(hurriedOnce(locked, timeout));
    await expect(shop.worker(client).run(id)).rejects.toMatchObject({ code: "STORE_WRITE_FAILED" });
    expect(new Set(codes)).toEqual(new Set([code]));
    expect(shop.sent).toEqual([]);
    await (await locked).release();
    await shop.comeToRest();
    await shop.checkBooks();
  });

  test("that ends the record of a purchase says so with the evidence, and later ticks adopt it", async () => {
    const shop = await openShop(server.pool, "none", "brisk");
    const id = await shop.basket();
    const locked = lockedFrom(shop, id, "after", "purchase");
    const run = shop.worker(hurriedOnce(locked, timeout)).run(id);
    await expect(run).rejects.toMatchObject({
      code: "PURCHASE_NOT_RECORDED",
      details: { commitment: { commitmentIds: ["c-1"] } },
    });
    await (await locked).release();
    await shop.comeToRest();
    await shop.checkBooks();
    expect(shop.sent).toHaveLength(1);
  });
});

describe("under default_transaction_isolation = serializable", () => {
  const options = { options: "-c default_transaction_isolation=serializable", max: 8 };

  test("racing workers and decisions meet serialization failures, and nobody hears of them", async () => {
    const shop = await openShop(server.pool, "native-token");
    const { client, codes } = noting(poolForTest(server.url, options));
    const workers = Array.from({ length: 6 }, () => shop.worker(client));
    for (let round = 0; round < 6; round += 1) {
      const id = await shop.basket(3);
      const ticks = workers.slice(3).map((worker) => worker.tick());
      await Promise.all(workers.slice(0, 3).map((worker) => worker.run(id)));
      for (const { errors } of await Promise.all(ticks)) expect(errors).toEqual([]);
    }
    expect(new Set(codes)).toEqual(new Set(["40001"]));
    await shop.comeToRest();
    await shop.checkBooks();
  });

  test("a caller's open transaction gets the failure itself, not that of a repetition in an aborted transaction", async () => {
    const shop = await openShop(server.pool, "none");
    const { id } = await shop.worker(server.pool).submit({ requestKey: "k", createdBy: "ann", lines: LINES });
    const client = await poolForTest(server.url, options).connect();
    try {
      await client.query("begin");
      const decisions = shop.worker(server.pool).withStore(postgresStore(client, { schema: shop.schema }));
      await decisions.explain(id);
      await shop.worker(server.pool).approve(id, { approvedBy: "bob" });
      await expect(decisions.approve(id, { approvedBy: "eve" })).rejects.toMatchObject({ code: "40001" });
    } finally {
      await client.query("rollback");
      client.release();
    }
  });
});

describe("connections that run out", () => {
  test("in the worker's own pool leave a line unsent, and later ticks buy it", async () => {
    const shop = await openShop(server.pool, "none", "brisk");
    const id = await shop.basket();
    const pool = poolForTest(server.url, { max: 1, connectionTimeoutMillis: 400 });
    let giveBack = () => {};
    shop.once("before", "prepare", async () => {
      const hog = await pool.connect();
      giveBack = () => hog.release();
    });
    await expect(shop.worker(pool).run(id)).rejects.toMatchObject({
      code: "STORE_WRITE_FAILED",
      cause: { message: "timeout exceeded when trying to connect" },
    });
    giveBack();
    expect(shop.sent).toEqual([]);
    await shop.comeToRest();
    await shop.checkBooks();
  });

  /** A role that may connect once, and somebody who does. */
  async function oneConnection(shop: Shop) {
    const role = await roleForTest(server);
    await server.pool.query(`
      alter role ${role.name} connection limit 1;
      grant usage on schema ${shop.schema} to ${role.name};
      grant select, insert, update, delete on all tables in schema ${shop.schema} to ${role.name}`);
    const hog = await role.pool.connect();
    return { url: role.url, giveBack: () => hog.release(true) };
  }

  test("at the server are waited for, as nothing was asked yet", async () => {
    const shop = await openShop(server.pool, "native-token");
    const id = await shop.basket();
    const { url, giveBack } = await oneConnection(shop);
    const { client, codes } = noting(poolForTest(url, { max: 1 }), giveBack);
    expect(await shop.worker(client).run(id)).toMatchObject({ status: "completed" });
    expect(codes).toContain("53300");
    await shop.checkBooks();
  });

  test("at the server for longer end the call and change nothing", async () => {
    const shop = await openShop(server.pool, "native-token");
    const id = await shop.basket();
    const { url, giveBack } = await oneConnection(shop);
    await expect(shop.worker(poolForTest(url, { max: 1 })).run(id)).rejects.toMatchObject({ code: "53300" });
    expect(await shop.store.get(id)).toMatchObject({ status: "approved", version: 2 });
    giveBack();
    await shop.comeToRest();
    await shop.checkBooks();
  });
});

test("a read-only session refuses to buy and to decide, says so and sends nothing", async () => {
  const shop = await openShop(server.pool, "none");
  const id = await shop.basket();
  const worker = shop.worker(poolForTest(server.url, { options: "-c default_transaction_read_only=on" }));
  const refusal = { code: "STORE_READ_ONLY", moneyMoved: "maybe", cause: { code: "25006" } };
  await expect(worker.run(id)).rejects.toMatchObject(refusal);
  await expect(worker.submit({ requestKey: "k", createdBy: "ann", lines: LINES })).rejects.toMatchObject(refusal);
  const unanswered = { code: "STORE_WRITE_FAILED", cause: { code: "STORE_READ_ONLY" } };
  await expect(worker.cancel(id, { canceledBy: "ann" })).rejects.toMatchObject(unanswered);
  expect(await worker.explain(id)).toMatchObject({ status: "approved" });
  expect(shop.sent).toEqual([]);
  await shop.comeToRest();
  await shop.checkBooks();
});
