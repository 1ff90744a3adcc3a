import { expect, test, vi } from "vitest";
import { createPurchaseEngine } from "../../src/engine/purchase-engine.js";
import { BASKET_FILE } from "./support/basket.js";
import { expectLedger, storedExecution } from "./support/executions.js";
import { startWorld } from "./support/host-world.js";
import { killInPurchase } from "./support/kill-in-purchase.js";
import { startExample } from "./support/start-example.js";
import { patient, stopInPurchase } from "./support/stop-in-purchase.js";

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

test("DBOS ends by itself on SIGTERM in a purchase, which it has recorded", async () => {
  const world = await startWorld();
  const host = startExample("dbos", patient(world), BASKET_FILE);
  await stopInPurchase(world, host, () => host.said(/launched/));
}, 180_000);

test("DBOS ends the workflow of an execution that is canceled between two runs", async () => {
  const world = await startWorld();
  await world.cloud.faults.add({ operation: "DescribeReservedInstances", kind: "error-500-before", times: 1_000 });
  const host = startExample("dbos", { ...world.settings, LOOK_AGAIN_AFTER_MS: "500" }, BASKET_FILE);
  await host.said(/launched/);
  const id = await vi.waitFor(
    async () => {
      const execution = await storedExecution(world);
      expect(execution).toMatchObject({ status: "approved", wakeAt: expect.any(Number) });
      return execution.id;
    },
    { timeout: 60_000, interval: 50 },
  );
  await createPurchaseEngine({ store: world.store, providers: [] }).cancel(id, { canceledBy: "cfo@example.com" });
  await host.ended();
  expect(host.output()).toContain(`${id} is canceled`);
}, 180_000);
