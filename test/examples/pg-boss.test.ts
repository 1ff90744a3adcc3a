import { expect, test, vi } from "vitest";
import { BASKET_FILE } from "./support/basket.js";
import { cancelBasket } from "./support/canceled-basket.js";
import { expectBoughtOnce, expectLedger, storedExecution } from "./support/executions.js";
import { type PostgresWorld, startWorld } from "./support/host-world.js";
import { killInPurchase } from "./support/kill-in-purchase.js";
import { startExample } from "./support/start-example.js";
import { patient, stopInPurchase } from "./support/stop-in-purchase.js";

test("pg-boss buys once, though its worker is killed in the purchase and the job comes again, and twice", async () => {
  const world = await startWorld();
  const settings = { ...world.settings, REDELIVER_AFTER_SECONDS: "3" };
  const start = (...args: readonly string[]) => startExample("pg-boss", settings, ...args);

  // The schedule of pg-boss counts in minutes. It takes jobs by SQL as well.
  const tick = () => world.pool.query("insert into pgboss.job (name) values ('tick')");

  const victim = start("work");
  await victim.said(/working/);
  await killInPurchase(world, victim, () => start("buy", BASKET_FILE).ended(), tick);

  const { id } = await storedExecution(world);
  await world.pool.query("insert into pgboss.job (name, data) values ('buy', $1)", [{ id }]);
  await start("work").said(/working/);
  await expectBoughtOnce(world, tick);
  await vi.waitFor(async () => expect(await jobsOf(world)).toEqual([{ state: "completed" }, { state: "completed" }]), {
    timeout: 20_000,
    interval: 200,
  });
  await expectLedger(world);
}, 180_000);

test("pg-boss ends by itself on SIGTERM in a purchase, which it has recorded", async () => {
  const world = await startWorld();
  const worker = startExample("pg-boss", patient(world), "work");
  await worker.said(/working/);
  await stopInPurchase(world, worker, () => startExample("pg-boss", world.settings, "buy", BASKET_FILE).ended());
  expect(await jobsOf(world)).toEqual([{ state: "completed" }]);
}, 180_000);

test("pg-boss finishes the job of an execution that was canceled", async () => {
  const world = await startWorld();
  const worker = startExample("pg-boss", world.settings, "work");
  await worker.said(/working/);
  const id = await cancelBasket(world);
  await world.pool.query("insert into pgboss.job (name, data) values ('buy', $1)", [{ id }]);
  await vi.waitFor(async () => expect(await jobsOf(world)).toEqual([{ state: "completed" }]), {
    timeout: 20_000,
    interval: 200,
  });
}, 180_000);

async function jobsOf({ pool }: PostgresWorld): Promise<readonly unknown[]> {
  return (await pool.query("select state from pgboss.job where name = 'buy'")).rows;
}
