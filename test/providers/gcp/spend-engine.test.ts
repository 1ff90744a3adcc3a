import type { GcpSimulatorOptions } from "buyonce/simulator";
import { expect, test } from "vitest";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { UNGUARDED } from "../../support/unguarded.js";
import { simulated } from "./simulated-line.js";
import { spendProvider, spendRequest } from "./spend-line.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PLACE = "PlaceOrder";

async function buying(options: Omit<GcpSimulatorOptions, "clock"> = {}) {
  const { simulator, clock } = await simulated(options);
  const store = memoryStore({ clock });
  const provider = spendProvider(simulator.url);
  const engine = createPurchaseEngine({
    ...UNGUARDED,
    store,
    providers: [provider],
    clock,
    logger: silentLogger,
  });
  const { id } = await engine.submit({ requestKey: "key", createdBy: "ann", lines: [spendRequest()] });
  await engine.approve(id, { approvedBy: "bob" });
  return { simulator, clock, store, engine, id };
}

type Buying = Awaited<ReturnType<typeof buying>>;

/** Lets time pass and ticks, often enough for every wait. */
async function passed({ clock, engine, store, simulator, id }: Buying, ms: number) {
  for (let left = ms; left > 0; left -= 20 * MINUTE_MS) {
    clock.advance(Math.min(left, 20 * MINUTE_MS));
    // What is due lands before anybody looks.
    await simulator.ledger.purchases();
    await engine.tick();
  }
  return (await store.get(id)) ?? expect.unreachable();
}

const orders = async ({ simulator }: Buying) =>
  (await simulator.ledger.requests()).filter(({ operation }) => operation === PLACE).map(({ params }) => params);

test("an order that lands hours late and its resend are one purchase", async () => {
  const world = await buying();
  await world.simulator.faults.add({ operation: PLACE, kind: "delay-landing", ms: 3 * HOUR_MS });
  await world.engine.run(world.id);
  expect(await passed(world, 5 * HOUR_MS)).toMatchObject({ status: "completed" });
  const [first, ...again] = await orders(world);
  for (const order of again) expect(order).toEqual(first);
  expect(await world.simulator.ledger.purchases()).toHaveLength(1);
});

test.each([false, true])(
  "an operation that outlasts the wait is found by later looks, listed meanwhile: %s",
  async (visibleWhileRunning) => {
    const world = await buying({ operationMs: 30 * MINUTE_MS, visibleWhileRunning });
    expect(await world.engine.run(world.id)).toMatchObject({ status: "in_doubt" });
    expect(await passed(world, 3 * HOUR_MS)).toMatchObject({ status: "completed" });
    expect(await world.simulator.ledger.purchases()).toHaveLength(1);
  },
);

test("orders that are all lost end the line without a purchase, and none is sent after the day is over unproved", async () => {
  const world = await buying();
  await world.simulator.faults.add({ operation: PLACE, kind: "reset-before", times: 1_000 });
  await world.engine.run(world.id);
  await passed(world, 60 * HOUR_MS);
  await world.simulator.faults.clear();
  expect(await passed(world, 60 * HOUR_MS)).not.toMatchObject({ status: "running" });
  expect((await world.simulator.ledger.purchases()).length).toBeLessThanOrEqual(1);
});

test("a retry by a person has another request id and buys once, although Google remembers the failed order", async () => {
  const world = await buying();
  const { simulator, engine, id } = world;
  await simulator.faults.add({ operation: PLACE, kind: "operation-fails", code: "INVALID_ARGUMENT" });
  expect(await engine.run(id)).toMatchObject({
    status: "failed",
    lines: [{ rejection: { code: "INVALID_ARGUMENT" } }],
  });
  const successor = await engine.retry(id, { requestedBy: "cid", force: true });
  await engine.approve(successor.id, { approvedBy: "bob" });
  expect(await engine.run(successor.id)).toMatchObject({ status: "completed" });
  const [first, second] = await orders(world);
  expect(second).toEqual({ ...first, requestId: second?.["requestId"] });
  expect(second?.["requestId"]).not.toBe(first?.["requestId"]);
  expect(await simulator.ledger.purchases()).toHaveLength(1);
});

test("a renewal that the line does not want is switched off by a tick, and the line says what fails until then", async () => {
  const world = await buying({ ordersRenew: true });
  const { simulator, engine, id } = world;
  await simulator.faults.add({ operation: "ModifyOrder", kind: "error-500-before", times: 3 });
  expect(await engine.run(id)).toMatchObject({ status: "completed", lines: [{ state: "committed" }] });
  await simulator.faults.clear();
  await passed(world, 3 * HOUR_MS);
  const changes = (await simulator.ledger.requests()).filter(
    ({ operation, outcome }) => operation === "ModifyOrder" && outcome.status === 200,
  );
  expect(changes).toHaveLength(1);
});
