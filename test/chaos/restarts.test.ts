import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../stores/support/seeded-random.js";
import { type ChaosServer, type Downfall, startChaosServer } from "./support/chaos-server.js";
import { noting } from "./support/noting.js";
import { poolForTest } from "./support/pool-for-test.js";
import { CONTRACT_KINDS, openShop } from "./support/shop.js";

const DOWNFALLS: readonly Downfall[] = ["fast shutdown", "crash"];

let server: ChaosServer;
beforeAll(async () => {
  server = await startChaosServer();
});
afterAll(() => server.close());

const workersPool = () => poolForTest(server.url, { max: 4, connectionTimeoutMillis: 5_000 });

async function untilUp(): Promise<void> {
  while ((await server.pool.query("select").catch(() => undefined)) === undefined) await sleep(10);
}

describe.each(CONTRACT_KINDS)("under contract %s, a server that goes down", (kind) => {
  test("and is back before the worker's next write leaves the purchase to complete in the same run", async () => {
    const shop = await openShop(server.pool, kind);
    const id = await shop.basket();
    shop.once("before", "prepare", () => server.restart("fast shutdown"));
    shop.once("before", "purchase", () => server.restart("crash"));
    shop.once("after", "purchase", () => server.restart("crash"));
    expect(await shop.worker(workersPool()).run(id)).toMatchObject({ status: "completed", lines: [{ attempt: 1 }] });
    await shop.checkBooks();
  });

  test("with all its sessions because one of them was killed, right after the cloud bought, loses nothing", async () => {
    const shop = await openShop(server.pool, kind, "brisk");
    const id = await shop.basket();
    const witness = await server.pool.connect();
    witness.on("error", () => {});
    shop.once("after", "purchase", async () => {
      const { rows } = await server.pool.query<{ pid: number }>(
        "select pid from pg_stat_activity where application_name = 'worker' limit 1",
      );
      const allEnded = once(witness, "end");
      for (const { pid } of rows) process.kill(pid, "SIGKILL");
      await allEnded;
    });
    await shop
      .worker(workersPool())
      .run(id)
      .catch(() => {});
    witness.release(true);
    await untilUp();
    await shop.comeToRest();
    await shop.checkBooks();
    expect(shop.sent).toHaveLength(1);
  });

  test.each(DOWNFALLS)(
    "by a %s in the middle of baskets, again and again, loses nothing it answered for",
    async (how) => {
      const random = seededRandom(Number(process.env.BUYONCE_SEED));
      const shop = await openShop(server.pool, kind, "brisk");
      const { client, codes } = noting(workersPool());
      const state = { over: false };
      const workers = [1, 2].map(async () => {
        const worker = shop.worker(client);
        while (!state.over) {
          await worker.tick({ limit: 2 }).catch(() => {});
          await sleep(random.below(10));
        }
      });
      for (let downfalls = 0; downfalls < 3; downfalls += 1) {
        const reached = new Promise<void>((resolve) => {
          shop.once(random.pick(["before", "after"]), random.pick(["prepare", "purchase"]), async () => resolve());
        });
        for (let basket = 0; basket < 3; basket += 1) await shop.basket(3);
        await reached;
        await server.down(how);
        await sleep(random.below(100));
        await server.up();
      }
      state.over = true;
      await Promise.all(workers);
      expect(codes).not.toEqual([]);
      await shop.comeToRest();
      await shop.checkBooks();
    },
  );
});

test("a replica refuses to buy and sends nothing; once it is the primary again, the same worker buys", async () => {
  const shop = await openShop(server.pool, "none");
  const id = await shop.basket();
  const worker = shop.worker(workersPool());
  await worker.explain(id);
  await server.down("fast shutdown");
  await server.upAsReplica();
  try {
    const refusal = { code: "STORE_READ_ONLY", moneyMoved: "maybe", retryable: true, cause: { code: "25006" } };
    await expect(worker.run(id)).rejects.toMatchObject(refusal);
    await expect(worker.approve(id, { approvedBy: "bob" })).rejects.toMatchObject(refusal);
    expect(await worker.explain(id)).toMatchObject({ status: "approved" });
    expect(shop.sent).toEqual([]);
  } finally {
    await server.restart("fast shutdown");
  }
  expect(await worker.run(id)).toMatchObject({ status: "completed" });
  await shop.checkBooks();
});
