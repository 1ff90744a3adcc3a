import type { Fault, GcpSimulator, GcpSimulatorOptions } from "buyonce/simulator";
import { expect, test } from "vitest";
import type { CommitmentRequest } from "../../../src/domain/commitment-request/commitment-request.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";
import { commitmentName } from "../../../src/idempotency/token-formats.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { assertNoDoublePurchase } from "../../../src/testing/assert-no-double-purchase.js";
import { UNGUARDED } from "../../support/unguarded.js";
import { computeRequest } from "./compute-line.js";
import { clientsOf, insertByHand, providerOf, seen, simulated } from "./simulated-line.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const INSERT = "InsertCommitment";

async function buying(options: Omit<GcpSimulatorOptions, "clock"> = {}) {
  const { simulator, clock } = await simulated(options);
  const clients = clientsOf(simulator);
  const store = memoryStore({ clock });
  const engine = createPurchaseEngine({
    ...UNGUARDED,
    store,
    providers: [providerOf(clients)],
    clock,
    logger: silentLogger,
  });
  return { simulator, clock, clients, store, engine };
}

type Buying = Awaited<ReturnType<typeof buying>>;

async function approved({ engine }: Buying, request: CommitmentRequest = computeRequest()): Promise<string> {
  const { id } = await engine.submit({ requestKey: "key", createdBy: "ann", lines: [request] });
  await engine.approve(id, { approvedBy: "bob" });
  return id;
}

/** Lets time pass and ticks, often enough for every wait. */
async function passed({ clock, engine, store, simulator }: Buying, id: string, ms: number) {
  for (let left = ms; left > 0; left -= 20 * MINUTE_MS) {
    clock.advance(Math.min(left, 20 * MINUTE_MS));
    // What is due lands before anybody looks.
    await simulator.ledger.purchases();
    await engine.tick();
  }
  return (await store.get(id)) ?? expect.unreachable();
}

const inserts = async (simulator: GcpSimulator) => (await seen(simulator, INSERT)).map(({ params }) => params);

test.each<Fault>([
  { operation: INSERT, kind: "reset-after" },
  { operation: INSERT, kind: "error-500-after" },
  { operation: INSERT, kind: "garbage-body" },
  { operation: INSERT, kind: "empty-body" },
])("an insert that succeeded unseen ($kind) is committed, also once its request id is forgotten", async (fault) => {
  const world = await buying();
  const { simulator, engine } = world;
  const id = await approved(world);
  await simulator.faults.add(fault);
  // Two looks before the first insert, and two before the second: the line and its offering are checked again by then.
  await simulator.faults.add({ operation: "GetCommitment", kind: "stale-listing", ms: 90 * MINUTE_MS, times: 4 });
  expect((await engine.run(id)).status).toBe("in_doubt");
  world.clock.advance(HOUR_MS + 1);
  // Nothing is shown, so the same insert is sent again; its name is taken, and only then the commitment shows.
  const { status, lines } = await engine.run(id);
  expect(lines[0]).toMatchObject({ state: "committed", commitment: { adopted: true } });
  expect(status).toBe("completed");
  const [first, second, ...others] = await inserts(simulator);
  expect(second).toEqual(first);
  expect(others).toEqual([]);
  const purchases = await simulator.ledger.purchases();
  expect(purchases).toHaveLength(1);
  assertNoDoublePurchase(purchases, { expected: [computeRequest()] });
  expect(() => assertNoDoublePurchase(purchases, { expected: [] })).toThrow("not expected");
});

test("an insert that lands hours late and its resend are one purchase", async () => {
  const world = await buying({ requestIdMemoryMs: MINUTE_MS });
  const id = await approved(world);
  await world.simulator.faults.add({ operation: INSERT, kind: "delay-landing", ms: 3 * HOUR_MS });
  await world.engine.run(id);
  expect(await passed(world, id, 5 * HOUR_MS)).toMatchObject({ status: "completed" });
  expect(await inserts(world.simulator)).toHaveLength(2);
  expect(await world.simulator.ledger.purchases()).toHaveLength(1);
});

test.each([false, true])(
  "an operation that outlasts the wait is followed by later looks, shown meanwhile: %s",
  async (shown) => {
    const world = await buying({ operationMs: 30 * MINUTE_MS, visibleWhileRunning: shown });
    const id = await approved(world);
    expect(await world.engine.run(id)).toMatchObject({ status: "in_doubt" });
    world.clock.advance(10 * MINUTE_MS);
    expect(await world.engine.run(id)).toMatchObject({ status: "in_doubt" });
    expect(await passed(world, id, HOUR_MS)).toMatchObject({ status: "completed" });
    expect(await world.simulator.ledger.purchases()).toHaveLength(1);
  },
);

test("a retry by a person has another request id under the same name, and buys once", async () => {
  const world = await buying();
  const { simulator, engine } = world;
  const id = await approved(world);
  await simulator.faults.add({ operation: INSERT, kind: "operation-fails", code: "QUOTA_EXCEEDED" });
  expect(await engine.run(id)).toMatchObject({ status: "failed", lines: [{ rejection: { code: "QUOTA_EXCEEDED" } }] });
  const successor = await engine.retry(id, { requestedBy: "cid" });
  await engine.approve(successor.id, { approvedBy: "bob" });
  expect(await engine.run(successor.id)).toMatchObject({ status: "completed" });
  const [first, second] = await inserts(simulator);
  expect(second).toEqual({ ...first, requestId: second?.["requestId"] });
  expect(second?.["requestId"]).not.toBe(first?.["requestId"]);
  expect(await simulator.ledger.purchases()).toHaveLength(1);
});

test("a line whose name somebody else's commitment has is refused, with both sides, and nothing is sent", async () => {
  const world = await buying();
  const id = await approved(world);
  const { lineageKey } = (await world.store.get(id)) ?? expect.unreachable();
  const name = commitmentName("buyonce-", deriveIdempotencyToken(lineageKey, 0));
  await insertByHand(world.clients, name, "8");
  const { status, lines } = await world.engine.run(id);
  expect(status).toBe("failed");
  expect(lines[0]?.rejection).toMatchObject({
    code: "COMMITMENT_CONFLICT",
    details: { differences: ["resources: expected MEMORY 16384, VCPU 4, found MEMORY 16384, VCPU 8"] },
  });
  expect(await inserts(world.simulator)).toHaveLength(1);
});

test("a name that a failed insert keeps taken leaves a retry in doubt for a person, never failed or bought twice", async () => {
  const world = await buying({ failedInsertKeepsName: true });
  const { simulator, engine } = world;
  const id = await approved(world);
  await simulator.faults.add({ operation: INSERT, kind: "operation-fails", code: "QUOTA_EXCEEDED" });
  await engine.run(id);
  const successor = await engine.retry(id, { requestedBy: "cid" });
  await engine.approve(successor.id, { approvedBy: "bob" });
  await engine.run(successor.id);
  const { status, lines } = await passed(world, successor.id, 3 * HOUR_MS);
  expect(status).toBe("in_doubt");
  expect(lines[0]?.doubt?.reason).toContain("no commitment of the name is shown");
  expect(await simulator.ledger.purchases()).toEqual([]);
});

test("nothing that is stored or told of a line shows its token or its request id", async () => {
  const world = await buying();
  const { simulator, engine, store } = world;
  const id = await approved(world);
  await simulator.faults.add({ operation: INSERT, kind: "reset-before" });
  await engine.run(id);
  await simulator.faults.add({ operation: "GetCommitment", kind: "error", code: "forbidden", status: 403 });
  await engine.run(id);
  const { lineageKey, lines } = (await store.get(id)) ?? expect.unreachable();
  const token = deriveIdempotencyToken(lineageKey, 0);
  const told = JSON.stringify([
    await engine.events(id),
    await engine.explain(id),
    lines.map(({ doubt, lastError }) => [doubt, lastError]),
  ]);
  for (const secret of [token, token.slice(0, 40), String(lines[0]?.prepared?.detail?.["requestId"])])
    expect(told).not.toContain(secret);
});
