import { expect, test } from "vitest";
import { BASKET_FILE } from "./support/basket.js";
import { expectLedger, storedExecution } from "./support/executions.js";
import { startWorld } from "./support/host-world.js";
import { killInPurchase } from "./support/kill-in-purchase.js";
import { startExample } from "./support/start-example.js";

test("DBOS buys once, though its process is killed in the purchase and two processes go on with the workflow", async () => {
  const world = await startWorld();
  const settings = { ...world.settings, LOOK_AGAIN_AFTER_MS: "500" };
  const start = () => startExample("dbos", settings, BASKET_FILE);

  const victim = start();
  await killInPurchase(world, victim, () => victim.said(/launched/));

  const successors = [start(), start()];
  await Promise.all(successors.map((successor) => successor.ended()));
  const { id } = await storedExecution(world);
  for (const successor of successors) expect(successor.output()).toContain(`${id} is completed`);
  await expectLedger(world);
}, 180_000);
