import { expect, test, vi } from "vitest";
import { BASKET_FILE } from "./support/basket.js";
import { cancelBasket } from "./support/canceled-basket.js";
import { expectBoughtOnce, expectLedger, storedExecution } from "./support/executions.js";
import { type PostgresWorld, startWorld } from "./support/host-world.js";
import { killInPurchase } from "./support/kill-in-purchase.js";
import { startExample } from "./support/start-example.js";

test("graphile-worker buys once, though its worker is killed in the purchase and its job comes twice", async () => {
  const world = await startWorld();
  const start = (...args: readonly string[]) => startExample("graphile-worker", world.settings, ...args);
  const add = (task: string, payload: object = {}) =>
    world.pool.query("select graphile_worker.add_job($1, $2)", [task, payload]);
  // A crontab counts in minutes.
  const tick = () => add("tick");

  const victim = start("work");
  await victim.said(/working/);
  await killInPurchase(world, victim, () => start("buy", BASKET_FILE).ended(), tick);

  const { id } = await storedExecution(world);
  await Promise.all([add("buy", { id }), add("buy", { id })]);
  await start("work").said(/working/);
  await expectBoughtOnce(world, tick);
  // The job of the dead worker stays locked for four hours. Here they are over at once.
  await world.pool.query("update graphile_worker._private_jobs set locked_at = null, locked_by = null");
  await expectNoJob(world);
  await expectLedger(world);
}, 180_000);

test("graphile-worker finishes the job of an execution that was canceled", async () => {
  const world = await startWorld();
  const worker = startExample("graphile-worker", world.settings, "work");
  await worker.said(/working/);
  const id = await cancelBasket(world);
  await world.pool.query("select graphile_worker.add_job('buy', $1)", [{ id }]);
  await worker.said(/is canceled/);
  await expectNoJob(world);
}, 180_000);

/** Waits until every job that buys is done: a job that has failed stays, and is tried again. */
async function expectNoJob({ pool }: PostgresWorld): Promise<void> {
  await vi.waitFor(
    async () => {
      const { rows } = await pool.query("select id from graphile_worker.jobs where task_identifier = 'buy'");
      expect(rows).toEqual([]);
    },
    { timeout: 20_000, interval: 200 },
  );
}
