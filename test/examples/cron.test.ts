import { expect, test } from "vitest";
import { BASKET_FILE } from "./support/basket.js";
import { expectBoughtOnce, expectLedger } from "./support/executions.js";
import { startFileWorld } from "./support/host-world.js";
import { killInPurchase } from "./support/kill-in-purchase.js";
import { startExample } from "./support/start-example.js";

test("a loop over a SQLite file buys once, though it is killed in the purchase and two take its place", async () => {
  const world = await startFileWorld();
  const settings = { ...world.settings, TICK_EVERY_MS: "500" };
  const buy = () => startExample("cron", settings, "buy", BASKET_FILE).ended();
  const startLoop = async () => {
    const loop = startExample("cron", settings, "work");
    await loop.said(/working/);
    return loop;
  };

  const victim = await startLoop();
  await killInPurchase(world, victim, buy);

  const [loop, other] = await Promise.all([startLoop(), startLoop(), buy()]);
  await expectBoughtOnce(world);
  await buy();
  for (const { pid, ended } of [loop, other]) {
    process.kill(pid, "SIGTERM");
    await ended();
  }
  expect(loop.output()).toMatch(/stopped\n$/);
  await expectLedger(world);
}, 180_000);
