import type { SQSEvent } from "aws-lambda";
import { expect, test } from "vitest";
import { approveBasket } from "./support/approved-basket.js";
import { cancelBasket } from "./support/canceled-basket.js";
import { expectBoughtOnce, expectLedger, storedExecution } from "./support/executions.js";
import { type HostWorld, startWorld } from "./support/host-world.js";
import { killInPurchase } from "./support/kill-in-purchase.js";
import { type CallableProcess, startCalls } from "./support/start-calls.js";

const MINUTE = 60_000;

/** A batch as SQS gives it to Lambda, shortened to what handlers commonly read. */
const batchOf = (bodies: Readonly<Record<string, string>>): SQSEvent => ({
  Records: Object.entries(bodies).map(([messageId, body]) => ({ messageId, body }) as SQSEvent["Records"][number]),
});

const startLambda = ({ settings }: HostWorld): Promise<CallableProcess> => startCalls("lambda-environment", settings);

test("Lambda buys once, though it is killed in the purchase and every batch and every message comes twice", async () => {
  const world = await startWorld();
  const body = JSON.stringify({ executionId: await approveBasket(world) });
  const invocation = { event: batchOf({ first: body, second: body }), remainingMs: 5 * MINUTE };
  const schedule = { event: { id: "a schedule's event" }, remainingMs: 5 * MINUTE };

  const victim = await startLambda(world);
  await killInPurchase(
    world,
    victim.process,
    () => victim.call("run", invocation),
    () => victim.call("tick", schedule),
  );

  const functions = await Promise.all([startLambda(world), startLambda(world)]);
  expect(await Promise.all(functions.map(({ call }) => call("run", invocation)))).toEqual([
    { batchItemFailures: [] },
    { batchItemFailures: [] },
  ]);
  await expectBoughtOnce(world, () => Promise.all(functions.map(({ call }) => call("tick", schedule))));
  expect(await functions[0].call("run", invocation)).toEqual({ batchItemFailures: [] });
  await expectLedger(world);
}, 180_000);

test("Lambda hands back the messages that it cannot read or has no time to begin", async () => {
  const world = await startWorld();
  const executionId = await approveBasket(world);
  const { call } = await startLambda(world);
  const event = batchOf({ unreadable: "{", unknown: JSON.stringify({ executionId: "no-such-execution" }) });
  expect(await call("run", { event, remainingMs: 5 * MINUTE })).toEqual({
    batchItemFailures: [{ itemIdentifier: "unreadable" }, { itemIdentifier: "unknown" }],
  });

  const late = batchOf({ late: JSON.stringify({ executionId }) });
  expect(await call("run", { event: late, remainingMs: MINUTE })).toEqual({
    batchItemFailures: [{ itemIdentifier: "late" }],
  });
  expect(await call("tick", { event: {}, remainingMs: MINUTE })).toBeNull();
  expect(await storedExecution(world)).toMatchObject({ status: "approved", fence: 0 });
  expect(await world.cloud.ledger.purchases()).toEqual([]);

  expect(await call("run", { event: late, remainingMs: 5 * MINUTE })).toEqual({ batchItemFailures: [] });
  await expectBoughtOnce(world, () => call("tick", { event: {}, remainingMs: 5 * MINUTE }));
}, 180_000);

test("Lambda acknowledges the message of an execution that was canceled", async () => {
  const world = await startWorld();
  const event = batchOf({ canceled: JSON.stringify({ executionId: await cancelBasket(world) }) });
  const { call } = await startLambda(world);
  expect(await call("run", { event, remainingMs: 5 * MINUTE })).toEqual({ batchItemFailures: [] });
}, 180_000);

test("Lambda hands every message back while the database is down", async () => {
  const world = await startWorld();
  const event = batchOf({ good: JSON.stringify({ executionId: await approveBasket(world) }) });
  const { call } = await startLambda(world);
  await world.stopDatabase();
  expect(await call("run", { event, remainingMs: 5 * MINUTE })).toEqual({
    batchItemFailures: [{ itemIdentifier: "good" }],
  });
}, 180_000);
