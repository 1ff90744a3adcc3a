import { expect, it } from "vitest";
import { ACCOUNT, buy, buyPlan, ec2For, ManualClock, savingsPlansFor, simulatedAws } from "./simulated-aws.js";

it("shows every purchase of every service in the order of creation", async () => {
  const clock = new ManualClock();
  const simulator = await simulatedAws({ clock });
  const plan = await buyPlan(savingsPlansFor(simulator));
  const reserved = await buy(ec2For(simulator), { InstanceCount: 2 });
  expect(await simulator.ledger.purchases()).toMatchObject([
    { service: "aws.savings-plans", commitmentId: plan },
    {
      service: "aws.ec2",
      account: ACCOUNT,
      region: "us-east-1",
      commitmentId: reserved,
      purchaseId: "purchase-000002",
      quantity: 2,
      tags: {},
      state: "active",
      purchasedAt: clock.now(),
      charge: { amount: "996.04", currency: "USD" },
    },
  ]);
});

it("shows every request with its signing time and parameters", async () => {
  const clock = new ManualClock();
  const simulator = await simulatedAws({ clock });
  await buy(ec2For(simulator), { InstanceCount: 2 });
  const requests = await simulator.ledger.requests();
  expect(requests.map((request) => request.seq)).toEqual([1, 2]);
  expect(requests[1]).toEqual({
    seq: 2,
    operation: "PurchaseReservedInstancesOffering",
    service: "aws.ec2",
    account: ACCOUNT,
    region: "us-east-1",
    at: clock.now(),
    signedAt: expect.any(Number),
    params: expect.objectContaining({ InstanceCount: "2" }),
    outcome: { state: "processed", status: 200 },
  });
});

it("hands out copies: changing one changes nothing", async () => {
  const simulator = await simulatedAws();
  await buyPlan(savingsPlansFor(simulator), { tags: { k: "v" } });
  for (const read of [simulator.ledger.purchases, simulator.ledger.requests]) {
    const before = structuredClone(await read());
    const copy = await read();
    for (const row of copy) Object.assign("tags" in row ? row.tags : row.params, { k: "changed" });
    copy.length = 0;
    expect(await read()).toEqual(before);
  }
  const offerings = await simulator.offerings.reservedInstances("us-east-1");
  for (const offering of offerings) Object.assign(offering, { fixedPrice: -1 });
  expect((await simulator.offerings.reservedInstances("us-east-1")).every((row) => row.fixedPrice >= 0)).toBe(true);
});
