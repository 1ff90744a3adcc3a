import { EC2Client } from "@aws-sdk/client-ec2";
import { afterEach, describe, expect, test } from "vitest";
import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine } from "../../src/engine/purchase-engine.js";
import { ec2ReservedInstances } from "../../src/providers/aws/services/ec2-reserved-instances.js";
import { startAwsSimulator } from "../../src/simulator/index.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { assertNoDoublePurchase } from "../../src/testing/assert-no-double-purchase.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { UNGUARDED } from "../support/unguarded.js";

const PURCHASE = "PurchaseReservedInstancesOffering";
const MINUTE = 60_000;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** The whole path with the caller's EC2 client at its default settings; one clock for store, engine and cloud. */
const LINE = {
  service: "aws.ec2",
  account: "111111111111",
  region: "eu-west-1",
  instanceType: "m5.large",
  platform: "Linux/UNIX",
  tenancy: "default",
  offeringClass: "standard",
  scope: "region",
  quantity: 10,
  term: "1yr",
  payment: "no_upfront",
  expectedPrice: { amount: "5298.05", currency: "USD" },
} as const;

async function world() {
  const clock = manualClock(Date.now());
  const cloud = await startAwsSimulator({ clock, maxClockSkewMs: 15 * MINUTE, listingLagMs: 2_000 });
  const store = memoryStore({ clock });
  const provider = ec2ReservedInstances({
    clientFor: ({ account, region }) =>
      new EC2Client({ region, endpoint: cloud.url, credentials: cloud.credentialsFor(account) }),
    requestTimeoutMs: 500,
  });
  const engine = createPurchaseEngine({
    ...UNGUARDED,
    store,
    providers: [provider],
    clock,
    logger: silentLogger,
  });
  closing.push(() => cloud.close());
  const submitted = await engine.submit({
    requestKey: "basket",
    createdBy: "ann",
    lines: [LINE],
  });
  await engine.approve(submitted.id, { approvedBy: "bob" });
  const sent = async () => (await cloud.ledger.requests()).filter(({ operation }) => operation === PURCHASE).length;
  return { clock, cloud, store, engine, id: submitted.id, sent };
}

describe("an EC2 purchase whose reply is lost", { timeout: 30_000 }, () => {
  test.each(["reset-after", "error-500-after", "cut-body", "empty-body", "garbage-body"] as const)(
    "by %s reaches the cloud exactly once and is adopted by a tick after the wait",
    async (kind) => {
      const { clock, cloud, store, engine, id, sent } = await world();
      await cloud.faults.add({ operation: PURCHASE, kind });
      expect((await engine.run(id)).status).toBe("in_doubt");
      await engine.tick();
      expect(await sent()).toBe(1);
      clock.advance(21 * MINUTE + 1_000);
      await engine.tick();
      const [purchase, ...more] = await cloud.ledger.purchases();
      expect(more).toEqual([]);
      expect(await store.get(id)).toMatchObject({
        status: "completed",
        lines: [{ state: "committed", commitment: { commitmentIds: [purchase?.commitmentId], adopted: true } }],
      });
      assertNoDoublePurchase(await cloud.ledger.purchases(), { expected: [LINE] });
      expect(await sent()).toBe(1);
    },
  );

  test("by the client's own time limit stays in doubt and is adopted later", async () => {
    const { clock, cloud, engine, id, sent } = await world();
    // The simulator's clock stands still, so the reply never comes; the adapter's time limit is a real one.
    await cloud.faults.add({ operation: PURCHASE, kind: "slow-reply", ms: MINUTE });
    expect((await engine.run(id)).status).toBe("in_doubt");
    clock.advance(22 * MINUTE);
    await engine.tick();
    expect((await engine.run(id)).status).toBe("completed");
    expect(await sent()).toBe(1);
    expect(await cloud.ledger.purchases()).toHaveLength(1);
  });

  test("by an abort after sending is unknown, never canceled, and is adopted later", async () => {
    const { clock, cloud, engine, id, sent } = await world();
    const caller = new AbortController();
    await cloud.faults.add({ operation: PURCHASE, kind: "slow-reply", ms: MINUTE });
    const running = engine.run(id, { signal: caller.signal });
    while ((await cloud.ledger.purchases()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    caller.abort();
    expect((await running).status).toBe("in_doubt");
    clock.advance(22 * MINUTE);
    await engine.tick();
    expect((await engine.run(id)).status).toBe("completed");
    expect(await sent()).toBe(1);
  });

  test("by a request that lands late is adopted as well", async () => {
    const { clock, cloud, engine, id, sent } = await world();
    await cloud.faults.add({ operation: PURCHASE, kind: "delay-landing", ms: 10 * MINUTE });
    expect((await engine.run(id)).status).toBe("in_doubt");
    expect(await cloud.ledger.purchases()).toHaveLength(0);
    clock.advance(10 * MINUTE);
    expect(await cloud.ledger.purchases()).toHaveLength(1);
    clock.advance(12 * MINUTE);
    await engine.tick();
    expect((await engine.run(id)).status).toBe("completed");
    expect(await sent()).toBe(1);
    expect(await cloud.ledger.purchases()).toHaveLength(1);
  });
});

test("an EC2 purchase refused by the cloud fails with its code and buys nothing", async () => {
  const { cloud, engine, id } = await world();
  await cloud.faults.add({ operation: PURCHASE, kind: "error", code: "UnauthorizedOperation", status: 403 });
  expect(await engine.run(id)).toMatchObject({
    status: "failed",
    lines: [{ rejection: { code: "UnauthorizedOperation" } }],
  });
  expect(await cloud.ledger.purchases()).toHaveLength(0);
});
