import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type Database from "better-sqlite3";
import { expect, test } from "vitest";
import { systemClock } from "../../../src/domain/clock.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import type { ExecutionStore } from "../../../src/store-port/execution-store.js";
import { sqliteStore, sqliteTransaction } from "../../../src/stores/sqlite/index.js";
import { simulatedCloud } from "../../../src/testing/simulated-cloud.js";
import { submitting, unique } from "../../../src/testing/store-contract/samples.js";
import { changeOf, created, moved } from "../../../src/testing/store-contract/steps.js";
import { CONTRACT, simulatedLine } from "../../support/purchase-fixture.js";
import { UNGUARDED } from "../../support/unguarded.js";
import { startChild } from "../support/child.js";
import { sqliteFileForTest } from "../support/sqlite-file.js";

/** A file with a table of the application beside those of the store. */
async function fileWithOrders() {
  const file = await sqliteFileForTest();
  file.database.exec("create table orders (id text primary key)");
  return { ...file, orders: () => ordersOf(file.connect()) };
}

const ordersOf = (database: Database.Database): unknown[] =>
  database.prepare("select id from orders order by id").pluck().all();

const addOrder = (database: Database.Database, id: string) => database.prepare("insert into orders values (?)").run(id);

test("decisions and the caller's own rows are stored together", async () => {
  const { database, orders, connect } = await fileWithOrders();
  const other = sqliteStore(connect());
  const id = await sqliteTransaction(database, async (store) => {
    addOrder(database, "a");
    const execution = await created(store);
    await sleep(5);
    await moved(store, changeOf(execution, { status: "paused" }));
    expect(await other.get(execution.id)).toBeUndefined();
    expect(orders()).toEqual([]);
    return execution.id;
  });
  expect((await other.get(id))?.version).toBe(2);
  expect(orders()).toEqual(["a"]);
});

test("a function that throws leaves neither decisions nor rows", async () => {
  const { database, orders } = await fileWithOrders();
  const id = unique("exec");
  const failing = sqliteTransaction(database, async (store) => {
    await created(store, { id });
    addOrder(database, "a");
    throw new Error("on second thoughts");
  });
  await expect(failing).rejects.toThrow("on second thoughts");
  expect(await sqliteStore(database).get(id)).toBeUndefined();
  expect(orders()).toEqual([]);
});

test("a call that throws inside undoes what it did, and nothing else", async () => {
  const { database, orders } = await fileWithOrders();
  const execution = await sqliteTransaction(database, async (store) => {
    addOrder(database, "a");
    const { id } = await created(store);
    const circular: Record<string, unknown> = {};
    circular["itself"] = circular;
    // The execution is updated before its event turns out not to be JSON.
    const odd = changeOf({ id }, { status: "paused", event: { kind: "paused", actor: "ann", data: circular } });
    await expect(store.commit(odd)).rejects.toThrow(TypeError);
    return await store.get(id);
  });
  expect(execution).toMatchObject({ version: 1, status: "approved" });
  expect(await sqliteStore(database).get(String(execution?.id))).toEqual(execution);
  expect(orders()).toEqual(["a"]);
});

test("an engine that ticks while a decision is held open over an await neither waits for ever nor gets into it", async () => {
  const { database, orders } = await fileWithOrders();
  const cloud = simulatedCloud({ contract: CONTRACT.native, clock: systemClock });
  const store = sqliteStore(database);
  const options = { providers: [cloud.provider], logger: silentLogger, ...UNGUARDED };
  const engine = createPurchaseEngine({ store, ...options });
  const submission = { requestKey: unique("key"), createdBy: "ann", lines: [simulatedLine()] };
  const decided = async (inner: ExecutionStore) => {
    const decisions = engine.withStore(inner);
    addOrder(database, "a");
    const { id } = await decisions.submit(submission);
    await sleep(40);
    await decisions.approve(id, { approvedBy: "bob" });
    return id;
  };
  const held = sqliteTransaction(database, decided);
  const ticks = [engine.tick(), engine.tick()];
  const id = await held;
  await Promise.all(ticks);
  await engine.tick();
  expect((await store.get(id))?.status).toBe("completed");
  expect(cloud.ledger().length).toBe(1);
  expect(orders()).toEqual(["a"]);
});

test("nothing is sent inside, because a rollback would forget it", async () => {
  const { database } = await sqliteFileForTest();
  const execution = await created(sqliteStore(database), { status: "pending" });
  await sqliteTransaction(database, async (store) => {
    const lines = [{ index: 0, progress: submitting("lane"), stampSubmission: true as const }];
    await expect(store.commit(changeOf(execution, { guard: { version: 1 }, lines }))).rejects.toMatchObject({
      code: "STORE_IN_TRANSACTION",
    });
  });
});

test("while it waits, other calls of the process wait as well, whatever their connection, and none gets into it", async () => {
  const { database, connect, orders } = await fileWithOrders();
  const [same, another] = [sqliteStore(database), sqliteStore(connect())];
  const ids = [unique("exec"), unique("exec")];
  const order: string[] = [];
  let started: readonly Promise<unknown>[] = [];
  const failing = sqliteTransaction(database, async () => {
    addOrder(database, "a");
    started = [
      created(same, { id: String(ids[0]) }).then(() => order.push("same")),
      created(another, { id: String(ids[1]) }).then(() => order.push("another")),
      same.get(String(ids[0])).then((found) => order.push(`read ${found?.version}`)),
    ];
    await sleep(60);
    order.push("rolled back");
    throw new Error("after all that");
  });
  await expect(failing).rejects.toThrow("after all that");
  await Promise.all(started);
  expect(order[0]).toBe("rolled back");
  expect(order).toHaveLength(4);
  // Had one of them run inside, the rollback would have undone it.
  for (const id of ids) expect((await another.get(id))?.version).toBe(1);
  expect(orders()).toEqual([]);
});

test("a transaction of the caller's own on the same connection is waited out", async () => {
  const { database, orders } = await fileWithOrders();
  const store = sqliteStore(database);
  await store.get("none");
  database.exec("begin immediate");
  addOrder(database, "a");
  const id = unique("exec");
  const waiting = [created(store, { id }), store.get(id)];
  await sleep(30);
  database.exec("rollback");
  await Promise.all(waiting);
  expect((await store.get(id))?.version).toBe(1);
  expect(orders()).toEqual([]);
});

test("a call on another store inside it throws STORE_BUSY in the end, and the transaction goes on", async () => {
  const { database } = await sqliteFileForTest();
  const outer = sqliteStore(database, { busyTimeoutMs: 60 });
  const id = await sqliteTransaction(database, async (store) => {
    await expect(created(outer)).rejects.toMatchObject({ code: "STORE_BUSY" });
    await expect(outer.get("none")).rejects.toMatchObject({ code: "STORE_BUSY" });
    return (await created(store)).id;
  });
  expect((await outer.get(id))?.version).toBe(1);
});

test("a store of a transaction that has ended stores nothing any more", async () => {
  const { database } = await sqliteFileForTest();
  const store = await sqliteTransaction(database, async (inner) => inner);
  const id = unique("exec");
  await expect(created(store, { id })).rejects.toThrow("the transaction of this store has ended");
  const broken = sqliteTransaction(database, async (inner) => {
    database.exec("rollback");
    await created(inner, { id });
  });
  await expect(broken).rejects.toThrow("the transaction of this store has ended");
  expect(await sqliteStore(database).get(id)).toBeUndefined();
});

test("a process that waits for the lock of another one goes on with its other work meanwhile", async () => {
  const { database, path } = await sqliteFileForTest();
  const store = sqliteStore(database);
  await store.get("none");
  const holder = startChild("sqlite-lock-process.ts", path, `${path}-release`);
  expect(await holder.said()).toEqual({ held: path });
  const creating = created(store);
  // The lock is held until this process has done other things. A wait that blocked it would not end well.
  for (let turn = 0; turn < 10; turn += 1) await sleep(1);
  await writeFile(`${path}-release`, "");
  expect((await creating).version).toBe(1);
  expect(await holder.ended()).toBe(0);
});

test("a lock that another process keeps gives STORE_BUSY, and nothing is stored", async () => {
  const { database, path } = await sqliteFileForTest();
  const store = sqliteStore(database, { busyTimeoutMs: 50 });
  await store.get("none");
  const holder = startChild("sqlite-lock-process.ts", path, `${path}-never`);
  await holder.said();
  const id = unique("exec");
  await expect(created(store, { id })).rejects.toMatchObject({ code: "STORE_BUSY", retryable: true });
  expect(await store.get(id)).toBeUndefined();
  holder.process.kill("SIGKILL");
  await holder.ended();
  expect((await created(store, { id })).version).toBe(1);
});
