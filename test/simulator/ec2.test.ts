import {
  CreateTagsCommand,
  DeleteQueuedReservedInstancesCommand,
  DescribeReservedInstancesCommand,
  DescribeReservedInstancesOfferingsCommand,
  type EC2Client,
  PurchaseReservedInstancesOfferingCommand,
  type ReservedInstancesOffering,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { ACCOUNT, anOffering, buy, ec2For, listed, ManualClock, OTHER_ACCOUNT, simulatedAws } from "./simulated-aws.js";

const HOUR_MS = 3_600_000;
const UNKNOWN_ID = "00000000-0000-4000-8000-000000000000";

describe("DescribeReservedInstancesOfferings", () => {
  it("shows what an offering costs", async () => {
    const ec2 = ec2For(await simulatedAws());
    const { ReservedInstancesOfferings } = await ec2.send(
      new DescribeReservedInstancesOfferingsCommand({
        InstanceType: "m5.large",
        ProductDescription: "Linux/UNIX",
        OfferingClass: "standard",
        OfferingType: "Partial Upfront",
        MinDuration: 94_608_000,
        Filters: [{ Name: "scope", Values: ["Region"] }],
      }),
    );
    expect(ReservedInstancesOfferings).toEqual([
      {
        ReservedInstancesOfferingId: expect.stringMatching(/^[0-9a-f]{8}-/),
        InstanceType: "m5.large",
        ProductDescription: "Linux/UNIX",
        InstanceTenancy: "default",
        OfferingClass: "standard",
        OfferingType: "Partial Upfront",
        Duration: 94_608_000,
        Scope: "Region",
        CurrencyCode: "USD",
        FixedPrice: 520.72,
        UsagePrice: 0,
        RecurringCharges: [{ Frequency: "Hourly", Amount: 0.01981 }],
        Marketplace: false,
        PricingDetails: [],
      },
    ]);
  });

  it("charges an All Upfront offering once and a No Upfront one by the hour only", async () => {
    const rows = await allOfferings(ec2For(await simulatedAws()));
    const prices = rows.map((row) => [row.OfferingType, row.FixedPrice !== 0, row.RecurringCharges?.[0]?.Amount !== 0]);
    const own = prices.filter((_, index) => rows[index]?.Marketplace === false);
    expect(new Set(own.map((price) => price.join()))).toEqual(
      new Set(["All Upfront,true,false", "Partial Upfront,true,true", "No Upfront,false,true"]),
    );
  });

  it("pages, each row once", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    const ids = (await allOfferings(ec2, 7)).map((row) => row.ReservedInstancesOfferingId);
    const wanted = (await simulator.offerings.reservedInstances("us-east-1"))
      .filter((row) => row.instanceTenancy === "default")
      .map((row) => row.offeringId);
    expect(ids).toEqual(wanted);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("puts empty pages between the others if the switch is on", async () => {
    const ec2 = ec2For(await simulatedAws({ emptyPages: true }));
    const first = await ec2.send(new DescribeReservedInstancesOfferingsCommand({ InstanceType: "c5.xlarge" }));
    expect(first.ReservedInstancesOfferings).toEqual([]);
    expect(first.NextToken).toEqual(expect.any(String));
    const plain = await allOfferings(ec2For(await simulatedAws()), 50);
    expect(await allOfferings(ec2, 50)).toEqual(plain);
  });

  it("lists offerings of the marketplace unless told not to", async () => {
    const ec2 = ec2For(await simulatedAws());
    const marketplace = async (IncludeMarketplace?: boolean) => {
      const request = {
        InstanceType: "m5.large",
        ...(IncludeMarketplace !== undefined && { IncludeMarketplace }),
      } as const;
      const { ReservedInstancesOfferings = [] } = await ec2.send(
        new DescribeReservedInstancesOfferingsCommand(request),
      );
      return ReservedInstancesOfferings.filter((row) => row.Marketplace);
    };
    expect(await marketplace()).toMatchObject([{ Duration: 20_217_600, PricingDetails: [{ Count: 1, Price: 120 }] }]);
    expect(await marketplace(false)).toEqual([]);
  });

  it("sells the same in every region under other ids, and per zone too", async () => {
    const simulator = await simulatedAws();
    const here = await anOffering(ec2For(simulator));
    const there = await anOffering(ec2For(simulator, { region: "eu-west-1" }));
    expect(there.FixedPrice).toBe(here.FixedPrice);
    expect(there.ReservedInstancesOfferingId).not.toBe(here.ReservedInstancesOfferingId);
    const { ReservedInstancesOfferings = [] } = await ec2For(simulator).send(
      new DescribeReservedInstancesOfferingsCommand({ AvailabilityZone: "us-east-1b" }),
    );
    expect(new Set(ReservedInstancesOfferings.map((row) => row.Scope))).toEqual(new Set(["Availability Zone"]));
  });

  it("finds offerings by id and refuses an id that is not on sale", async () => {
    const ec2 = ec2For(await simulatedAws());
    const { ReservedInstancesOfferingId } = await anOffering(ec2);
    const find = (id: string) =>
      ec2.send(new DescribeReservedInstancesOfferingsCommand({ ReservedInstancesOfferingIds: [id] }));
    expect((await find(ReservedInstancesOfferingId)).ReservedInstancesOfferings).toHaveLength(1);
    await expect(find(UNKNOWN_ID)).rejects.toMatchObject({ name: "InvalidReservedInstancesOfferingId" });
  });

  it.each([
    ["InvalidNextToken", { NextToken: "never given out" }],
    ["InvalidParameterValue", { MaxResults: 101 }],
    ["InvalidParameterValue", { Filters: [{ Name: "no-such-filter", Values: ["x"] }] }],
    ["DryRunOperation", { DryRun: true }],
  ])("answers %s to %j", async (name, request) => {
    const ec2 = ec2For(await simulatedAws());
    await expect(ec2.send(new DescribeReservedInstancesOfferingsCommand(request))).rejects.toMatchObject({ name });
  });

  it("shows a changed price, and keeps the price of what was bought before", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    const before = await anOffering(ec2);
    await buy(ec2);
    await simulator.offerings.setPrice({ offeringId: before.ReservedInstancesOfferingId, fixedPrice: 999.99 });
    expect((await anOffering(ec2)).FixedPrice).toBe(999.99);
    expect(await listed(ec2)).toMatchObject([{ FixedPrice: before.FixedPrice }]);
  });

  it("sells what the test adds, or only that", async () => {
    const [given] = await (await simulatedAws()).offerings.reservedInstances("us-east-1");
    if (given === undefined) throw new Error("nothing on sale");
    const own = { ...given, offeringId: UNKNOWN_ID, instanceType: "x9.huge" };
    const simulator = await simulatedAws({ offerings: { replace: true, reservedInstances: [own] } });
    expect(await simulator.offerings.reservedInstances("us-east-1")).toEqual([own]);
    await simulator.offerings.add({ reservedInstances: [given] });
    expect(await simulator.offerings.reservedInstances("us-east-1")).toEqual([own, given]);
  });
});

describe("PurchaseReservedInstancesOffering", () => {
  it("buys, and the listing shows it without its offering id", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock });
    const ec2 = ec2For(simulator);
    const id = await buy(ec2, { InstanceCount: 3 });
    const { FixedPrice } = await anOffering(ec2);
    expect(await listed(ec2)).toEqual([
      {
        ReservedInstancesId: id,
        InstanceType: "m5.large",
        ProductDescription: "Linux/UNIX",
        InstanceTenancy: "default",
        OfferingClass: "standard",
        OfferingType: "All Upfront",
        Scope: "Region",
        Duration: 31_536_000,
        Start: new Date(clock.now()),
        End: new Date(clock.now() + 365 * 24 * HOUR_MS),
        InstanceCount: 3,
        CurrencyCode: "USD",
        FixedPrice,
        UsagePrice: 0,
        RecurringCharges: [{ Frequency: "Hourly", Amount: 0 }],
        State: "active",
        Tags: [],
      },
    ]);
  });

  it("buys again for the same request: nothing is deduped", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    const ids = [await buy(ec2), await buy(ec2)];
    expect((await simulator.ledger.purchases()).map((row) => row.commitmentId)).toEqual(ids);
    expect(new Set(ids).size).toBe(2);
  });

  it("queues until the purchase time, and then pays", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock, paymentPendingMs: 1000, maxClockSkewMs: 24 * HOUR_MS });
    const ec2 = ec2For(simulator);
    const state = async () => (await listed(ec2))[0]?.State;
    await buy(ec2, { PurchaseTime: new Date(clock.now() + HOUR_MS) });
    expect(await state()).toBe("queued");
    clock.advance(HOUR_MS);
    expect(await state()).toBe("payment-pending");
    clock.advance(1000);
    expect(await state()).toBe("active");
    clock.advance(365 * 24 * HOUR_MS);
    expect(await simulator.ledger.purchases()).toMatchObject([{ state: "retired" }]);
  });

  it("checks a dry run in full and buys nothing", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    await expect(buy(ec2, { DryRun: true })).rejects.toMatchObject({
      name: "DryRunOperation",
      $metadata: { httpStatusCode: 412 },
    });
    await expect(buy(ec2, { DryRun: true, ReservedInstancesOfferingId: UNKNOWN_ID })).rejects.toMatchObject({
      name: "InvalidReservedInstancesOfferingId",
    });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  it("buys within the limit price and not above it", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    const { FixedPrice } = await anOffering(ec2);
    const limit = (Amount: number) => ({ InstanceCount: 2, LimitPrice: { Amount, CurrencyCode: "USD" } }) as const;
    await expect(buy(ec2, limit(FixedPrice))).rejects.toMatchObject({ name: "LimitPriceExceeded" });
    expect(await simulator.ledger.purchases()).toEqual([]);
    await buy(ec2, limit(2 * FixedPrice));
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it.each([
    ["MissingParameter", { InstanceCount: undefined }],
    ["InvalidParameterValue", { InstanceCount: 0 }],
    ["MissingParameter", { ReservedInstancesOfferingId: undefined }],
    ["InvalidReservedInstancesOfferingId", { ReservedInstancesOfferingId: UNKNOWN_ID }],
    ["InvalidParameterValue", { PurchaseTime: new Date("2020-01-01T00:00:00Z") }],
    ["InvalidParameterValue", { PurchaseTime: new Date("2099-01-01T00:00:00Z") }],
  ])("answers %s to %j and buys nothing", async (name, more) => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    const { ReservedInstancesOfferingId } = await anOffering(ec2);
    const request = { ReservedInstancesOfferingId, InstanceCount: 1, ...more };
    await expect(ec2.send(new PurchaseReservedInstancesOfferingCommand(request))).rejects.toMatchObject({
      name,
      Code: name,
      $metadata: { httpStatusCode: 400 },
    });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  it("refuses to queue a zonal offering", async () => {
    const simulator = await simulatedAws();
    const zonal = (await simulator.offerings.reservedInstances("us-east-1")).find((row) => row.scope !== "Region");
    const request = {
      ReservedInstancesOfferingId: String(zonal?.offeringId),
      PurchaseTime: new Date(Date.now() + HOUR_MS),
    };
    await expect(buy(ec2For(simulator), request)).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });
});

describe("DescribeReservedInstances", () => {
  it("keeps accounts and regions apart", async () => {
    const simulator = await simulatedAws();
    const id = await buy(ec2For(simulator));
    const elsewhere = [{ account: OTHER_ACCOUNT }, { region: "eu-west-1" }];
    for (const target of elsewhere) {
      const ec2 = ec2For(simulator, target);
      expect(await listed(ec2)).toEqual([]);
      const byId = new DescribeReservedInstancesCommand({ ReservedInstancesIds: [id] });
      await expect(ec2.send(byId)).rejects.toMatchObject({ name: "InvalidReservedInstancesId" });
    }
    expect(await simulator.ledger.purchases()).toMatchObject([{ account: ACCOUNT, region: "us-east-1" }]);
  });

  it("filters by tag, tag key, state, id and class", async () => {
    const ec2 = ec2For(await simulatedAws());
    const [tagged, queued] = [await buy(ec2), await buy(ec2, { PurchaseTime: new Date(Date.now() + HOUR_MS) })];
    await ec2.send(
      new CreateTagsCommand({ Resources: [tagged], Tags: [{ Key: "buyonce:token", Value: "abc&<123>" }] }),
    );
    const ids = async (more: DescribeReservedInstancesCommand["input"]) =>
      (await listed(ec2, more)).map((row) => row.ReservedInstancesId);
    const filter = (Name: string, ...Values: string[]) => ids({ Filters: [{ Name, Values }] });
    expect(await filter("tag:buyonce:token", "abc&<123>")).toEqual([tagged]);
    expect(await filter("tag:buyonce:token", "abc*")).toEqual([tagged]);
    expect(await filter("tag:buyonce:token", "other")).toEqual([]);
    expect(await filter("tag:absent", "*")).toEqual([]);
    expect(await filter("tag-key", "buyonce:token")).toEqual([tagged]);
    expect(await filter("state", "queued", "payment-pending")).toEqual([queued]);
    expect(await ids({ ReservedInstancesIds: [queued] })).toEqual([queued]);
    expect(await ids({ OfferingClass: "convertible" })).toEqual([]);
    expect(await ids({ OfferingType: "All Upfront" })).toEqual([tagged, queued]);
  });

  it("refuses a filter it does not know, even with nothing to filter", async () => {
    const filter = { Filters: [{ Name: "offering-id", Values: ["x"] }] };
    await expect(listed(ec2For(await simulatedAws()), filter)).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });

  it("shows a purchase only after the listing lag", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock, listingLagMs: 2000 });
    const ec2 = ec2For(simulator);
    const id = await buy(ec2);
    expect(await listed(ec2)).toEqual([]);
    expect(await simulator.ledger.purchases()).toMatchObject([{ commitmentId: id }]);
    clock.advance(1999);
    expect(await listed(ec2)).toEqual([]);
    clock.advance(1);
    expect(await listed(ec2)).toMatchObject([{ ReservedInstancesId: id }]);
  });
});

describe("CreateTags", () => {
  it("does not find a purchase that is not listed yet", async () => {
    const clock = new ManualClock();
    const ec2 = ec2For(await simulatedAws({ clock, listingLagMs: 2000 }));
    const tags = { Resources: [await buy(ec2)], Tags: [{ Key: "k", Value: "v" }] };
    await expect(ec2.send(new CreateTagsCommand(tags))).rejects.toMatchObject({ name: "InvalidReservedInstancesId" });
    clock.advance(2000);
    await ec2.send(new CreateTagsCommand(tags));
    expect(await listed(ec2)).toMatchObject([{ Tags: [{ Key: "k", Value: "v" }] }]);
  });

  it("shows a tag only after the tag lag, while the ledger has it at once", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock, tagLagMs: 3000 });
    const ec2 = ec2For(simulator);
    await ec2.send(new CreateTagsCommand({ Resources: [await buy(ec2)], Tags: [{ Key: "k", Value: "v" }] }));
    const byTag = { Filters: [{ Name: "tag:k", Values: ["v"] }] };
    expect(await listed(ec2, byTag)).toEqual([]);
    expect(await simulator.ledger.purchases()).toMatchObject([{ tags: { k: "v" } }]);
    clock.advance(3000);
    expect(await listed(ec2, byTag)).toHaveLength(1);
  });

  it("replaces the value of a known key and counts 50 keys at most", async () => {
    const ec2 = ec2For(await simulatedAws());
    const id = await buy(ec2);
    const tag = (Tags: { Key: string; Value: string }[]) => ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
    await tag(Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: "old" })));
    await tag([{ Key: "k7", Value: "new" }]);
    expect((await listed(ec2))[0]?.Tags).toContainEqual({ Key: "k7", Value: "new" });
    await expect(tag([{ Key: "k50", Value: "" }])).rejects.toMatchObject({ name: "TagLimitExceeded" });
  });

  it.each([
    ["MissingParameter", { Resources: undefined }],
    ["MissingParameter", { Tags: undefined }],
    ["InvalidParameterValue", { Tags: [{ Key: "k".repeat(128), Value: "v" }] }],
    ["InvalidParameterValue", { Tags: [{ Key: "k", Value: "v".repeat(257) }] }],
    ["InvalidParameterValue", { Tags: [{ Key: "aws:k", Value: "v" }] }],
    ["InvalidReservedInstancesId", { Resources: [UNKNOWN_ID] }],
    ["DryRunOperation", { DryRun: true }],
  ])("answers %s to %j", async (name, more) => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    const request = { Resources: [await buy(ec2)], Tags: [{ Key: "k", Value: "v" }], ...more };
    await expect(ec2.send(new CreateTagsCommand(request))).rejects.toMatchObject({ name });
    expect(await simulator.ledger.purchases()).toMatchObject([{ tags: {} }]);
  });
});

describe("DeleteQueuedReservedInstances", () => {
  it("deletes what is queued and says why it does not delete the rest", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    const [active, queued] = [await buy(ec2), await buy(ec2, { PurchaseTime: new Date(Date.now() + HOUR_MS) })];
    const ReservedInstancesIds = [active, queued, UNKNOWN_ID];
    const answer = await ec2.send(new DeleteQueuedReservedInstancesCommand({ ReservedInstancesIds }));
    expect(answer.SuccessfulQueuedPurchaseDeletions).toEqual([{ ReservedInstancesId: queued }]);
    expect(answer.FailedQueuedPurchaseDeletions).toMatchObject([
      { ReservedInstancesId: active, Error: { Code: "reserved-instances-not-in-queued-state" } },
      { ReservedInstancesId: UNKNOWN_ID, Error: { Code: "reserved-instances-id-invalid" } },
    ]);
    expect((await simulator.ledger.purchases()).map((row) => row.state)).toEqual(["active", "queued-deleted"]);
  });
});

async function allOfferings(ec2: EC2Client, MaxResults = 100): Promise<ReservedInstancesOffering[]> {
  const rows: ReservedInstancesOffering[] = [];
  let NextToken: string | undefined;
  do {
    const request = { MaxResults, ...(NextToken && { NextToken }) };
    const page = await ec2.send(new DescribeReservedInstancesOfferingsCommand(request));
    rows.push(...(page.ReservedInstancesOfferings ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return rows;
}
