import {
  CreateTagsCommand,
  DescribeReservedInstancesOfferingsCommand,
  PurchaseReservedInstancesOfferingCommand,
} from "@aws-sdk/client-ec2";
import { DescribeSavingsPlansCommand, DescribeSavingsPlansOfferingsCommand } from "@aws-sdk/client-savingsplans";
import type { AwsSimulator, Fault } from "buyonce/simulator";
import { describe, expect, it, vi } from "vitest";
import {
  ACCOUNT,
  anOffering,
  buy,
  buyPlan,
  ec2For,
  listed,
  listedPlans,
  ManualClock,
  OTHER_ACCOUNT,
  savingsPlansFor,
  simulatedAws,
} from "./simulated-aws.js";

const operation = "PurchaseReservedInstancesOffering";

describe("the stock EC2 client", () => {
  it("sends three times and buys three when the replies are lost", async () => {
    const simulator = await simulatedAws();
    await simulator.faults.add({ operation, kind: "reset-after", times: 2 });
    const id = await buy(ec2For(simulator, { maxAttempts: 3 }));
    const ids = (await simulator.ledger.purchases()).map((row) => row.commitmentId);
    expect(ids).toHaveLength(3);
    expect(ids.at(-1)).toBe(id);
    expect(await outcomes(simulator)).toMatchObject([
      { state: "processed", status: 200, fault: "reset-after" },
      { state: "processed", status: 200, fault: "reset-after" },
      { state: "processed", status: 200 },
    ]);
  });

  it("buys once when the requests are lost", async () => {
    const simulator = await simulatedAws();
    await simulator.faults.add({ operation, kind: "reset-before", times: 2 });
    await buy(ec2For(simulator, { maxAttempts: 3 }));
    expect(await outcomes(simulator)).toHaveLength(3);
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });
});

describe("a stock Savings Plans client", () => {
  it("sends three times and buys one, as all carry one token", async () => {
    const simulator = await simulatedAws();
    await simulator.faults.add({ operation: "CreateSavingsPlan", kind: "reset-after", times: 2 });
    const id = await buyPlan(savingsPlansFor(simulator, { maxAttempts: 3 }));
    expect(await simulator.ledger.purchases()).toMatchObject([{ commitmentId: id }]);
  });
});

describe("a fault of delivery", () => {
  it.each<{ fault: Fault; error: object; bought: number }>([
    { fault: { operation, kind: "reset-before" }, error: { code: "ECONNRESET" }, bought: 0 },
    { fault: { operation, kind: "reset-after" }, error: { code: "ECONNRESET" }, bought: 1 },
    { fault: { operation, kind: "error-500-before" }, error: { name: "InternalError", ...status(500) }, bought: 0 },
    { fault: { operation, kind: "error-500-after" }, error: { name: "InternalError", ...status(500) }, bought: 1 },
    { fault: { operation, kind: "throttle" }, error: { name: "RequestLimitExceeded", ...status(503) }, bought: 0 },
    { fault: { operation, kind: "garbage-body" }, error: status(200), bought: 1 },
    { fault: { operation, kind: "cut-body" }, error: { code: "ECONNRESET", ...status(200) }, bought: 1 },
    {
      fault: { operation, kind: "error", code: "ReservedInstancesLimitExceeded", status: 400, message: "enough" },
      error: { name: "ReservedInstancesLimitExceeded", message: "enough", ...status(400) },
      bought: 0,
    },
  ])("$fault.kind fails the call, having bought $bought", async ({ fault, error, bought }) => {
    const simulator = await simulatedAws();
    await simulator.faults.add(fault);
    await expect(buy(ec2For(simulator))).rejects.toMatchObject(error);
    expect(await simulator.ledger.purchases()).toHaveLength(bought);
    await buy(ec2For(simulator));
    expect(await simulator.ledger.purchases()).toHaveLength(bought + 1);
  });

  it("empty-body buys and answers a success without an id", async () => {
    const simulator = await simulatedAws();
    await simulator.faults.add({ operation, kind: "empty-body" });
    await expect(buy(ec2For(simulator))).rejects.toThrow("the answer has no id");
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("speaks the language of the service", async () => {
    const simulator = await simulatedAws();
    const client = savingsPlansFor(simulator);
    await simulator.faults.add({ operation: "CreateSavingsPlan", kind: "throttle" });
    await simulator.faults.add({ operation: "CreateSavingsPlan", kind: "error-500-after" });
    await expect(buyPlan(client)).rejects.toMatchObject({
      name: "ThrottlingException",
      $metadata: { httpStatusCode: 429 },
    });
    await expect(buyPlan(client)).rejects.toMatchObject({ name: "InternalServerException" });
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("delay-landing cuts the connection and buys later", async () => {
    const simulator = await simulatedAws({ clock: new ManualClock() });
    await simulator.faults.add({ operation, kind: "delay-landing", ms: 60_000 });
    await expect(buy(ec2For(simulator))).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await outcomes(simulator)).toEqual([{ state: "held" }]);
    await simulator.clock.advance(59_999);
    expect(await simulator.ledger.purchases()).toEqual([]);
    await simulator.clock.advance(1);
    expect(await simulator.ledger.purchases()).toMatchObject([{ purchasedAt: await simulator.clock.now() }]);
    expect(await outcomes(simulator)).toEqual([{ state: "processed", status: 200, fault: "delay-landing" }]);
  });

  it("delay-landing beyond the signing tolerance is refused when it lands", async () => {
    const simulator = await simulatedAws({ clock: new ManualClock(), maxClockSkewMs: 300_000 });
    await simulator.faults.add({ operation, kind: "delay-landing", ms: 300_000 + 1000 });
    await expect(buy(ec2For(simulator))).rejects.toMatchObject({ code: "ECONNRESET" });
    await simulator.clock.advance(301_000);
    expect(await simulator.ledger.purchases()).toEqual([]);
    expect(await outcomes(simulator)).toMatchObject([{ state: "processed", status: 400, errorCode: "RequestExpired" }]);
  });

  it("slow-reply buys at once and answers later", async () => {
    const simulator = await simulatedAws({ clock: new ManualClock() });
    await simulator.faults.add({ operation, kind: "slow-reply", ms: 5000 });
    const answer = buy(ec2For(simulator));
    const bought = await vi.waitUntil(async () => (await simulator.ledger.purchases())[0]);
    await simulator.clock.advance(5000);
    expect(await answer).toBe(bought.commitmentId);
  });

  it("slow-before buys and answers later, even if the client has gone", async () => {
    const simulator = await simulatedAws({ clock: new ManualClock() });
    await simulator.faults.add({ operation, kind: "slow-before", ms: 5000, times: 2 });
    const answer = buy(ec2For(simulator));
    const goingAway = new AbortController();
    const request = new PurchaseReservedInstancesOfferingCommand({
      ...(await anOffering(ec2For(simulator))),
      InstanceCount: 1,
    });
    const abandoned = ec2For(simulator).send(request, { abortSignal: goingAway.signal });
    await vi.waitUntil(async () => (await outcomes(simulator)).length === 2);
    goingAway.abort();
    await expect(abandoned).rejects.toMatchObject({ name: "AbortError" });
    expect(await simulator.ledger.purchases()).toEqual([]);
    await simulator.clock.advance(5000);
    const ids = (await simulator.ledger.purchases()).map((row) => row.commitmentId);
    expect(ids).toHaveLength(2);
    expect(ids).toContain(await answer);
  });
});

describe("a fault of effect", () => {
  it("split makes two commitments, none under the answered id", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    await simulator.faults.add({ operation, kind: "split" });
    const answered = await buy(ec2, { InstanceCount: 5 });
    const rows = await simulator.ledger.purchases();
    expect(rows.map((row) => row.quantity)).toEqual([3, 2]);
    expect(new Set(rows.map((row) => row.purchaseId)).size).toBe(1);
    expect(new Set([answered, ...rows.map((row) => row.commitmentId)]).size).toBe(3);
    expect((await listed(ec2)).map((row) => row.ReservedInstancesId)).toEqual(rows.map((row) => row.commitmentId));
    const tag = new CreateTagsCommand({ Resources: [answered], Tags: [{ Key: "k", Value: "v" }] });
    await expect(ec2.send(tag)).rejects.toMatchObject({ name: "InvalidReservedInstancesId" });
  });

  it("stale-listing answers one listing as of earlier", async () => {
    const simulator = await simulatedAws({ clock: new ManualClock() });
    const [ec2, savingsPlans] = [ec2For(simulator), savingsPlansFor(simulator)];
    await buy(ec2);
    await buyPlan(savingsPlans);
    await simulator.clock.advance(10_000);
    await buy(ec2);
    await buyPlan(savingsPlans);
    for (const stale of ["DescribeReservedInstances", "DescribeSavingsPlans"]) {
      await simulator.faults.add({ operation: stale, kind: "stale-listing", ms: 10_000 });
    }
    expect([await listed(ec2), await listedPlans(savingsPlans)].map((rows) => rows.length)).toEqual([1, 1]);
    expect([await listed(ec2), await listedPlans(savingsPlans)].map((rows) => rows.length)).toEqual([2, 2]);
  });

  it("stale-listing answers one listing of offerings as of earlier", async () => {
    const simulator = await simulatedAws({ clock: new ManualClock() });
    const [ec2, savingsPlans] = [ec2For(simulator), savingsPlansFor(simulator)];
    const { ReservedInstancesOfferingId: offeringId, FixedPrice } = await anOffering(ec2);
    const [plan] = await simulator.offerings.savingsPlans();
    if (plan === undefined) throw new Error("nothing on sale");
    await simulator.clock.advance(10_000);
    await simulator.offerings.setPrice({ offeringId, fixedPrice: FixedPrice + 1 });
    await simulator.offerings.add({ savingsPlans: [{ ...plan, description: "new" }] });
    for (const stale of ["DescribeReservedInstancesOfferings", "DescribeSavingsPlansOfferings"]) {
      await simulator.faults.add({ operation: stale, kind: "stale-listing", ms: 1 });
    }
    const price = async () => (await anOffering(ec2)).FixedPrice;
    const renamed = async () => {
      const request = new DescribeSavingsPlansOfferingsCommand({ descriptions: ["new"] });
      return (await savingsPlans.send(request)).searchResults?.length;
    };
    expect([await price(), await renamed()]).toEqual([FixedPrice, 0]);
    expect([await price(), await renamed()]).toEqual([FixedPrice + 1, 1]);
  });

  it("repeat-page-token answers the same token again and again", async () => {
    const simulator = await simulatedAws();
    const [ec2, savingsPlans] = [ec2For(simulator), savingsPlansFor(simulator)];
    await buyPlan(savingsPlans);
    const nextTokens: Record<string, (token?: string) => Promise<string | undefined>> = {
      DescribeReservedInstancesOfferings: async (NextToken) =>
        (await ec2.send(new DescribeReservedInstancesOfferingsCommand({ MaxResults: 1, NextToken }))).NextToken,
      DescribeSavingsPlansOfferings: async (nextToken) =>
        (await savingsPlans.send(new DescribeSavingsPlansOfferingsCommand({ nextToken }))).nextToken,
      DescribeSavingsPlans: async (nextToken) =>
        (await savingsPlans.send(new DescribeSavingsPlansCommand({ nextToken }))).nextToken,
    };
    for (const [listing, next] of Object.entries(nextTokens)) {
      await simulator.faults.add({ operation: listing, kind: "repeat-page-token", times: 3 });
      const token = await next();
      expect(token).toEqual(expect.any(String));
      expect([await next(token), await next(token)]).toEqual([token, token]);
      expect(await next(token)).not.toBe(token);
    }
  });

  it("lost-tag answers success and stores nothing", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    await simulator.faults.add({ operation: "CreateTags", kind: "lost-tag" });
    const tag = new CreateTagsCommand({ Resources: [await buy(ec2)], Tags: [{ Key: "k", Value: "v" }] });
    await ec2.send(tag);
    expect(await simulator.ledger.purchases()).toMatchObject([{ tags: {} }]);
    await ec2.send(tag);
    expect(await simulator.ledger.purchases()).toMatchObject([{ tags: { k: "v" } }]);
  });

  it("lost-tag-at-creation creates the plan without its tags", async () => {
    const simulator = await simulatedAws();
    await simulator.faults.add({ operation: "CreateSavingsPlan", kind: "lost-tag-at-creation" });
    await buyPlan(savingsPlansFor(simulator), { tags: { k: "v" } });
    expect(await listedPlans(savingsPlansFor(simulator))).toMatchObject([{ tags: {} }]);
  });

  it("payment-fails accepts the purchase and ends it as payment-failed", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock, paymentPendingMs: 1000 });
    const ec2 = ec2For(simulator);
    await simulator.faults.add({ operation, kind: "payment-fails" });
    await buy(ec2);
    expect(await listed(ec2)).toMatchObject([{ State: "payment-pending" }]);
    clock.advance(1000);
    expect(await listed(ec2)).toMatchObject([{ State: "payment-failed" }]);
  });

  it("combines with a fault of delivery", async () => {
    const simulator = await simulatedAws();
    await simulator.faults.add({ operation, kind: "split" });
    await simulator.faults.add({ operation, kind: "reset-after" });
    await expect(buy(ec2For(simulator), { InstanceCount: 2 })).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await simulator.ledger.purchases()).toHaveLength(2);
  });
});

describe("the plan of faults", () => {
  it("strikes as often as told, in the order of addition", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    await simulator.faults.add({ operation, kind: "throttle", times: 2 });
    await simulator.faults.add({ operation, kind: "error-500-before" });
    expect(await simulator.faults.pending()).toMatchObject([
      { kind: "throttle", times: 2 },
      { kind: "error-500-before", times: 1 },
    ]);
    for (const name of ["RequestLimitExceeded", "RequestLimitExceeded", "InternalError"]) {
      await expect(buy(ec2)).rejects.toMatchObject({ name });
    }
    await buy(ec2);
    expect(await simulator.faults.pending()).toEqual([]);
  });

  it("strikes only the calls that match", async () => {
    const simulator = await simulatedAws();
    await simulator.faults.add({ operation, kind: "throttle", match: { account: OTHER_ACCOUNT, region: "eu-west-1" } });
    await simulator.faults.add({ operation, kind: "throttle", match: { params: { InstanceCount: 7 } } });
    await simulator.faults.add({ operation, kind: "throttle", match: { service: "aws.savings-plans" } });
    await buy(ec2For(simulator, { account: ACCOUNT, region: "eu-west-1" }));
    await buy(ec2For(simulator, { account: OTHER_ACCOUNT, region: "us-east-1" }));
    const matching = ec2For(simulator, { account: OTHER_ACCOUNT, region: "eu-west-1" });
    await expect(buy(matching)).rejects.toMatchObject({ name: "RequestLimitExceeded" });
    await expect(buy(matching, { InstanceCount: 7 })).rejects.toMatchObject({ name: "RequestLimitExceeded" });
    expect(await simulator.faults.pending()).toHaveLength(1);
    await simulator.faults.clear();
    expect(await simulator.faults.pending()).toEqual([]);
  });

  it("is not used up by a request that is refused in any case", async () => {
    const simulator = await simulatedAws();
    await simulator.faults.add({ operation: "DescribeReservedInstances", kind: "reset-before" });
    const credentials = { accessKeyId: "AKIAUNKNOWN000000000", secretAccessKey: "secret" };
    await expect(listed(ec2For(simulator, { credentials }))).rejects.toMatchObject({ name: "AuthFailure" });
    expect(await simulator.faults.pending()).toHaveLength(1);
  });

  it("leaves fields out of an answer, wherever they stand in it, and puts them back", async () => {
    const simulator = await simulatedAws();
    const [ec2, savingsPlans] = [ec2For(simulator), savingsPlansFor(simulator)];
    await buy(ec2);
    await buyPlan(savingsPlans);
    const [whole] = await listed(ec2);
    const fields = ["instanceType", "recurringCharges", "duration"];
    await simulator.faults.add({ operation: "DescribeReservedInstances", kind: "leave-out", fields });
    await simulator.faults.add({ operation: "DescribeSavingsPlans", kind: "leave-out", fields: ["tags", "state"] });
    const { InstanceType, RecurringCharges, Duration, ...rest } = whole ?? {};
    expect([InstanceType, RecurringCharges, Duration]).not.toContain(undefined);
    expect(await listed(ec2)).toEqual([rest]);
    const [plan] = await listedPlans(savingsPlans);
    expect(plan).not.toHaveProperty("tags");
    expect(plan).not.toHaveProperty("state");
    expect(await listed(ec2)).toEqual([whole]);
    expect(await simulator.ledger.purchases()).toMatchObject([{ state: "active" }, { state: "active" }]);
  });

  it("says which faults there are", async () => {
    const { faults } = await simulatedAws();
    const added = faults.add({ operation, kind: "explode" } as never);
    await expect(added).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    await expect(added).rejects.toThrow(/fault\.kind: is "explode"; must be one of "reset-before".*"operation-fails"$/);
    await expect(faults.add({ operation, kind: "throtle" } as never)).rejects.toThrow(/did you mean "throttle"\?$/);
    await expect(faults.add({ operation } as never)).rejects.toThrow("fault.kind: is missing; must be one of");
  });

  it("refuses an operation that no call has, and says which was probably meant", async () => {
    const { faults } = await simulatedAws();
    const misspelt = faults.add({ operation: "PurchaseReservedInstancesOfering", kind: "throttle" });
    await expect(misspelt).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    await expect(misspelt).rejects.toThrow(
      'fault.operation: "PurchaseReservedInstancesOfering" is no operation of this simulator; did you mean "PurchaseReservedInstancesOffering"?',
    );
    expect(await faults.pending()).toEqual([]);
  });

  it("refuses what is not a fault", async () => {
    const { faults } = await simulatedAws();
    const refused = (path: string) => ({ code: "INVALID_REQUEST", details: { problems: [{ path }] } });
    const late = faults.add({ operation, kind: "delay-landing" } as never);
    await expect(late).rejects.toMatchObject(refused("fault.ms"));
    const never = faults.add({ operation, kind: "throttle", times: 0 });
    await expect(never).rejects.toMatchObject(refused("fault.times"));
    await expect(faults.add(null as never)).rejects.toMatchObject(refused("fault.kind"));
  });
});

/** What became of the purchase calls. */
async function outcomes(simulator: AwsSimulator) {
  const requests = await simulator.ledger.requests();
  return requests.filter((request) => request.operation === operation).map((request) => request.outcome);
}

function status(httpStatusCode: number) {
  return { $metadata: { httpStatusCode } };
}
