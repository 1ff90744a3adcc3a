import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../stores/support/seeded-random.js";
import { simulatedLine } from "../support/purchase-fixture.js";
import { type ChaosServer, startChaosServer } from "./support/chaos-server.js";
import { poolForTest } from "./support/pool-for-test.js";
import { lockRow } from "./support/row-lock.js";
import { CONTRACT_KINDS, openShop, type Shop } from "./support/shop.js";
import { type Cut, openTcpProxy, type TcpProxy } from "./support/tcp-proxy.js";

const CUTS = ["before the statement", "during the statement", "after the statement"] as const satisfies readonly Cut[];

let server: ChaosServer;
let proxy: TcpProxy;
beforeAll(async () => {
  server = await startChaosServer();
  proxy = await openTcpProxy(server.port);
});
afterAll(async () => {
  await proxy.close();
  await server.close();
});

/** Connections that go through the proxy. */
function proxiedPool() {
  const url = new URL(server.url);
  url.port = String(proxy.port);
  return poolForTest(url.href, { max: 4 });
}

/** How many statements a call makes. */
async function statementsOf(call: () => Promise<unknown>): Promise<number> {
  const before = proxy.statements.length;
  await call();
  return proxy.statements.length - before;
}

/** How many statements a run makes of which the first is the claim. */
async function statementsOfRun(shop: Shop, worker: ReturnType<Shop["worker"]>): Promise<number> {
  await worker.run(await shop.basket());
  const id = await shop.basket();
  return await statementsOf(() => worker.run(id));
}

test("a decision whose answer is lost is thrown, and deciding again tells that it is stored", async () => {
  const shop = await openShop(server.pool, "none");
  const people = shop.worker(proxiedPool());
  const submission = { requestKey: "plan-7", createdBy: "ann", lines: [simulatedLine()] };
  await expect(people.explain("nobody's")).rejects.toMatchObject({ code: "EXECUTION_NOT_FOUND" });
  const another = { ...submission, requestKey: "plan-8" };
  let other = "";
  const toSubmit = await statementsOf(async () => {
    other = (await people.submit(another)).id;
  });
  const toApprove = await statementsOf(() => people.approve(other, { approvedBy: "bob" }));

  proxy.cutNext("after the statement", toSubmit - 1);
  await expect(people.submit(submission)).rejects.toThrow("terminated");
  const { id, version } = await people.submit(submission);
  expect(version).toBe(1);

  proxy.cutNext("after the statement", toApprove - 1);
  await expect(people.approve(id, { approvedBy: "bob" })).rejects.toThrow("terminated");
  expect(await people.approve(id, { approvedBy: "bob" })).toMatchObject({
    status: "approved",
    approvedBy: "bob",
    version: 2,
  });
});

describe.each(CONTRACT_KINDS)("under contract %s, a connection that breaks", (kind) => {
  test.each(CUTS)(
    "%s that follows the claim, whichever it is, leaves the purchase to complete in the same run",
    async (cut) => {
      const shop = await openShop(server.pool, kind);
      const worker = shop.worker(proxiedPool());
      const statements = await statementsOfRun(shop, worker);
      // The claim, the write-ahead, and the commitment, which also ends the execution.
      expect(statements).toBeGreaterThanOrEqual(3);
      for (let at = 1; at < statements; at += 1) {
        const id = await shop.basket();
        proxy.cutNext(cut, at);
        expect(await worker.run(id)).toMatchObject({ status: "completed", lines: [{ attempt: 1 }] });
      }
      await shop.checkBooks();
    },
  );

  test("at the claim is thrown, and the next ticks buy once the lease is over", async () => {
    const shop = await openShop(server.pool, kind, "brisk");
    const worker = shop.worker(proxiedPool());
    await statementsOfRun(shop, worker);
    for (const cut of CUTS) {
      const id = await shop.basket();
      proxy.cutNext(cut);
      await expect(worker.run(id)).rejects.toThrow(/terminated|ECONNRESET/);
    }
    await shop.comeToRest();
    await shop.checkBooks();
  });

  test("while the write-ahead waits for a lock, so that it lands after it was asked for again, gives one permit", async () => {
    const shop = await openShop(server.pool, kind);
    const worker = shop.worker(proxiedPool());
    await statementsOfRun(shop, worker);
    const id = await shop.basket();
    let lock: Awaited<ReturnType<typeof lockRow>> | undefined;
    shop.once("before", "prepare", async () => {
      lock = await lockRow(server.pool, shop.schema, id);
      proxy.cutNext("during the statement");
    });
    const run = worker.run(id);
    while (lock === undefined) await sleep(5);
    await lock.waiters(2);
    await lock.release();
    expect(await run).toMatchObject({ status: "completed", lines: [{ attempt: 1 }] });
    await shop.checkBooks();
  });

  test("at random under several workers neither buys twice nor loses a purchase", async () => {
    const seed = Number(process.env.BUYONCE_SEED);
    const random = seededRandom(seed);
    const shop = await openShop(server.pool, kind, "brisk");
    const workers = [1, 2, 3].map(() => shop.worker(proxiedPool()));
    for (let basket = 0; basket < 5; basket += 1) await shop.basket(3);
    const cutBefore = proxy.cuts();
    const state = { over: false };
    const ticking = workers.map(async (worker) => {
      while (!state.over) {
        await worker.tick().catch(() => {});
        await sleep(random.below(20));
      }
    });
    for (let cuts = 0; cuts < 40; cuts += 1) {
      proxy.cutNext(random.pick(CUTS), random.below(6));
      await sleep(10 + random.below(50));
    }
    state.over = true;
    await Promise.all(ticking);
    proxy.heal();
    expect(proxy.cuts() - cutBefore).toBeGreaterThan(5);
    await shop.comeToRest();
    await shop.checkBooks();
  });
});
