import { expect, test } from "vitest";
import { approveBasket } from "./support/approved-basket.js";
import { cancelBasket } from "./support/canceled-basket.js";
import { expectBoughtOnce, expectLedger } from "./support/executions.js";
import { type HostWorld, startWorld } from "./support/host-world.js";
import { killInPurchase } from "./support/kill-in-purchase.js";
import { startCalls } from "./support/start-calls.js";
import type { AttemptEnd } from "./support/temporal-worker.js";

const startWorker = ({ settings }: HostWorld) => startCalls("temporal-worker", { ...settings, HEARTBEAT_MS: "100" });

const ENDED = { result: "completed" };
const NOT_ENDED = { failure: { type: "NotEnded", retried: true, nextRetryDelay: expect.any(Number) } };

test("Temporal buys once, though its worker is killed in the purchase and attempts run at the same time", async () => {
  const world = await startWorld();
  const executionId = await approveBasket(world);
  const victim = await startWorker(world);
  const attempt = () => victim.call("buy", { executionId });
  await killInPurchase(world, victim.process, attempt, attempt);

  const workers = await Promise.all([startWorker(world), startWorker(world)]);
  const attempts = () => Promise.all(workers.map(({ call }) => call("buy", { executionId }))) as Promise<AttemptEnd[]>;
  await expectBoughtOnce(world, async () => {
    for (const end of await attempts()) expect(end).toMatchObject(end.result ? ENDED : NOT_ENDED);
    await workers[0].call("tick", {});
  });
  expect(await attempts()).toMatchObject([ENDED, ENDED]);
  await expectLedger(world);
}, 180_000);

test("Temporal's cancellation ends an attempt in mid-purchase, and later attempts find what it bought", async () => {
  const world = await startWorld();
  const executionId = await approveBasket(world);
  const { call } = await startWorker(world);
  await world.cloud.faults.add({ operation: "PurchaseReservedInstancesOffering", kind: "slow-reply", ms: 600_000 });
  const canceled = await call("buy", { executionId, cancel: true });
  expect(canceled).toEqual({ canceled: true, heartbeats: expect.any(Number) });
  await expectBoughtOnce(world, async () => {
    await call("buy", { executionId });
    await call("tick", {});
  });
  // No attempt can find what there is not.
  expect(await call("buy", { executionId: "no-such-execution" })).toMatchObject({
    failure: { type: "EXECUTION_NOT_FOUND", retried: false },
  });
}, 180_000);

test("Temporal's activity ends if its execution was canceled, and is tried again while the database is down", async () => {
  const world = await startWorld();
  const executionId = await cancelBasket(world);
  const { call } = await startWorker(world);
  expect(await call("buy", { executionId })).toMatchObject({ result: "canceled" });

  await world.stopDatabase();
  // Temporal retries each error but those that say that they must not be retried.
  expect(await call("buy", { executionId })).toEqual({ thrown: expect.stringMatching(/ECONNREFUSED|terminat/) });
}, 180_000);
