import { Queue } from "bullmq";
import { expect, test, vi } from "vitest";
import { BASKET_FILE } from "./support/basket.js";
import { cancelBasket } from "./support/canceled-basket.js";
import { expectBoughtOnce, expectLedger } from "./support/executions.js";
import { startWorld } from "./support/host-world.js";
import { killInPurchase } from "./support/kill-in-purchase.js";
import { noRedis, startRedis } from "./support/redis-server.js";
import { startExample } from "./support/start-example.js";
import { patient, stopInPurchase } from "./support/stop-in-purchase.js";

test.skipIf(noRedis !== undefined)(
  `BullMQ buys once, though its worker is killed in the purchase and the job comes again, and twice ${noRedis ?? ""}`,
  async ({ onTestFinished }) => {
    const [world, url] = await Promise.all([startWorld(), startRedis()]);
    const queue = new Queue("purchases", { connection: { url } });
    onTestFinished(() => queue.close());
    const settings = { ...world.settings, REDIS_URL: url, LOCK_MS: "2000", TICK_EVERY_MS: "1000" };
    const buy = () => startExample("bullmq", settings, "buy", BASKET_FILE).ended();
    const startWorker = async () => {
      const worker = startExample("bullmq", settings, "work");
      await worker.said(/working/);
      return worker;
    };

    const victim = await startWorker();
    await killInPurchase(world, victim, buy);
    const killed = await queue.getJobs(["active"]);
    expect(killed).not.toEqual([]);

    await Promise.all([buy(), startWorker(), startWorker()]);
    await expectBoughtOnce(world);
    await expectCompleted(2);
    // Each job that the kill met came again.
    for (const { id } of killed) expect(await queue.getJob(String(id))).toMatchObject({ stalledCounter: 1 });

    await buy();
    await expectCompleted(3);
    await expectLedger(world);

    function expectCompleted(count: number): Promise<void> {
      return vi.waitFor(
        async () => {
          const completed = await queue.getJobs(["completed"]);
          expect(completed.filter(({ name }) => name === "buy")).toHaveLength(count);
        },
        { timeout: 30_000, interval: 200 },
      );
    }
  },
  180_000,
);

test.skipIf(noRedis !== undefined)(
  `BullMQ ends by itself on SIGTERM in a purchase, which it has recorded ${noRedis ?? ""}`,
  async ({ onTestFinished }) => {
    const [world, url] = await Promise.all([startWorld(), startRedis()]);
    const queue = new Queue("purchases", { connection: { url } });
    onTestFinished(() => queue.close());
    const worker = startExample("bullmq", { ...patient(world), REDIS_URL: url }, "work");
    await worker.said(/working/);
    const buy = () => startExample("bullmq", { ...world.settings, REDIS_URL: url }, "buy", BASKET_FILE).ended();
    await stopInPurchase(world, worker, buy);
    expect((await queue.getJobs(["completed"])).filter(({ name }) => name === "buy")).toHaveLength(1);
  },
  180_000,
);

test.skipIf(noRedis !== undefined)(
  `BullMQ finishes the job of an execution that was canceled ${noRedis ?? ""}`,
  async ({ onTestFinished }) => {
    const [world, url] = await Promise.all([startWorld(), startRedis()]);
    const queue = new Queue("purchases", { connection: { url } });
    onTestFinished(() => queue.close());
    const { id } = await queue.add("buy", { id: await cancelBasket(world) });
    await startExample("bullmq", { ...world.settings, REDIS_URL: url }, "work").said(/is canceled/);
    await vi.waitFor(async () => expect(await queue.getJobState(String(id))).toBe("completed"), {
      timeout: 20_000,
      interval: 200,
    });
  },
  180_000,
);
