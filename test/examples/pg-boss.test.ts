import { expect, test, vi } from "vitest";
import { BASKET_FILE } from "./support/basket.js";
import { expectBoughtOnce, expectLedger, storedExecution } from "./support/executions.js";
import { startWorld } from "./support/host-world.js";
import { killInPurchase } from "./support/kill-in-purchase.js";
import { startExample } from "./support/start-example.js";

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
  await vi.waitFor(
    async () => {
      const { rows } = await world.pool.query("select state from pgboss.job where name = 'buy'");
      expect(rows).toEqual([{ state: "completed" }, { state: "completed" }]);
    },
    { timeout: 20_000, interval: 200 },
  );
  await expectLedger(world);
}, 180_000);
