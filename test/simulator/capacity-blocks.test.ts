import {
  DescribeCapacityBlockOfferingsCommand,
  type DescribeCapacityBlockOfferingsRequest,
  DescribeCapacityReservationsCommand,
  type DescribeCapacityReservationsRequest,
  type EC2Client,
  PurchaseCapacityBlockCommand,
  type PurchaseCapacityBlockRequest,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { ec2For, ManualClock, OTHER_ACCOUNT, simulatedAws } from "./simulated-aws.js";

const DAY_MS = 86_400_000;
const START = new Date("2035-01-06T11:30:00Z");

async function offerings(ec2: EC2Client, more: Partial<DescribeCapacityBlockOfferingsRequest> = {}) {
  const search = {
    InstanceType: "p5.48xlarge",
    InstanceCount: 2,
    CapacityDurationHours: 24,
    StartDateRange: START,
    ...more,
  };
  return (await ec2.send(new DescribeCapacityBlockOfferingsCommand(search))).CapacityBlockOfferings ?? [];
}

async function buyBlock(ec2: EC2Client, more: Partial<PurchaseCapacityBlockRequest> = {}) {
  const [offering] = await offerings(ec2);
  const CapacityBlockOfferingId = String(offering?.CapacityBlockOfferingId);
  return ec2.send(
    new PurchaseCapacityBlockCommand({ CapacityBlockOfferingId, InstancePlatform: "Linux/UNIX", ...more }),
  );
}

const listed = async (ec2: EC2Client, more: DescribeCapacityReservationsRequest = {}) =>
  (await ec2.send(new DescribeCapacityReservationsCommand(more))).CapacityReservations ?? [];

describe("DescribeCapacityBlockOfferings", () => {
  it("answers a search with six blocks that end at half past eleven, with the fee of the whole block", async () => {
    const rows = await offerings(ec2For(await simulatedAws()));
    expect(rows).toHaveLength(6);
    expect(rows[0]).toEqual({
      CapacityBlockOfferingId: expect.stringMatching(/^cb-[0-9a-f]{17}$/),
      InstanceType: "p5.48xlarge",
      AvailabilityZone: "us-east-1a",
      InstanceCount: 2,
      StartDate: START,
      EndDate: new Date("2035-01-07T11:30:00Z"),
      CapacityBlockDurationHours: 24,
      CapacityBlockDurationMinutes: 0,
      UpfrontFee: "1510.27",
      CurrencyCode: "USD",
      Tenancy: "default",
    });
    expect(new Set(rows.map(({ CapacityBlockOfferingId: id }) => id)).size).toBe(6);
    expect(rows.every(({ EndDate }) => EndDate?.toISOString().endsWith("T11:30:00.000Z"))).toBe(true);
  });

  it("sells nothing that ends after the range, has begun, or is of an unknown type", async () => {
    const ec2 = ec2For(await simulatedAws());
    expect(await offerings(ec2, { EndDateRange: new Date(START.getTime() + DAY_MS) })).toHaveLength(2);
    expect(await offerings(ec2, { InstanceType: "p9.48xlarge" })).toEqual([]);
    expect(await offerings(ec2, { UltraserverType: "u-p6e-gb200x72" })).toEqual([]);
    const [first] = await offerings(ec2, { StartDateRange: new Date(0) });
    expect(first?.StartDate?.getTime()).toBeGreaterThan(Date.now());
  });

  it.each([
    { CapacityDurationHours: 25 },
    { CapacityDurationHours: 360 },
    { CapacityDurationHours: 5_000 },
    { InstanceCount: 3 },
  ])("refuses %j", async (more) => {
    const search = offerings(ec2For(await simulatedAws()), more);
    await expect(search).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });
});

describe("PurchaseCapacityBlock", () => {
  it("makes a new block with each call, with the tags that came along", async () => {
    const simulator = await simulatedAws();
    const ec2 = ec2For(simulator);
    const TagSpecifications = [{ ResourceType: "capacity-reservation" as const, Tags: [{ Key: "k", Value: "v" }] }];
    const { CapacityReservation: first, CapacityBlocks } = await buyBlock(ec2, { TagSpecifications });
    expect(first).toMatchObject({
      CapacityReservationId: expect.stringMatching(/^cr-[0-9a-f]{17}$/),
      ReservationType: "capacity-block",
      State: "scheduled",
      TotalInstanceCount: 0,
    });
    expect(CapacityBlocks).toMatchObject([{ CapacityReservationIds: [first?.CapacityReservationId] }]);
    await buyBlock(ec2);
    expect(await simulator.ledger.purchases()).toMatchObject([
      { service: "aws.ec2-capacity-blocks", quantity: 2, tags: { k: "v" }, charge: { amount: "1510.27" } },
      { quantity: 2, tags: {} },
    ]);
  });

  it.each<readonly [string, Partial<PurchaseCapacityBlockRequest>]>([
    ["MissingParameter", { InstancePlatform: undefined }],
    ["InvalidCapacityBlockOfferingIdMalformed", { CapacityBlockOfferingId: "p5" }],
    ["InvalidCapacityBlockOfferingIdNotFound", { CapacityBlockOfferingId: "cb-00000000000000000" }],
    ["InvalidParameterValue", { TagSpecifications: [{ ResourceType: "instance", Tags: [] }] }],
    ["DryRunOperation", { DryRun: true }],
  ])("answers %s to %j and buys nothing", async (name, more) => {
    const simulator = await simulatedAws();
    await expect(buyBlock(ec2For(simulator), more)).rejects.toMatchObject({ name });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  it("sells an offering to the account that it was shown to, until the block begins", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock, maxClockSkewMs: 1e15 });
    const ec2 = ec2For(simulator);
    const [offering] = await offerings(ec2, { StartDateRange: new Date(clock.now()) });
    const CapacityBlockOfferingId = String(offering?.CapacityBlockOfferingId);
    await expect(
      buyBlock(ec2For(simulator, { account: OTHER_ACCOUNT }), { CapacityBlockOfferingId }),
    ).rejects.toMatchObject({
      name: "InvalidCapacityBlockOfferingIdNotFound",
    });
    clock.advance(2 * DAY_MS);
    await expect(buyBlock(ec2, { CapacityBlockOfferingId })).rejects.toMatchObject({
      name: "InvalidCapacityBlockOfferingIdExpired",
    });
  });
});

describe("DescribeCapacityReservations", () => {
  it("shows a block from its payment to its end", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock, paymentPendingMs: 60_000, maxClockSkewMs: 1e15 });
    const ec2 = ec2For(simulator);
    const { CapacityReservation: block } = await buyBlock(ec2);
    const states: unknown[] = [];
    for (const at of [clock.now(), clock.now() + 60_000, START.getTime(), START.getTime() + DAY_MS]) {
      clock.advance(at - clock.now());
      const [shown] = await listed(ec2, { CapacityReservationIds: [String(block?.CapacityReservationId)] });
      states.push([shown?.State, shown?.TotalInstanceCount]);
    }
    expect(states).toEqual([
      ["payment-pending", 0],
      ["scheduled", 0],
      ["active", 2],
      ["expired", 0],
    ]);
  });

  it("filters, pages, and refuses ids that it does not list", async () => {
    const ec2 = ec2For(await simulatedAws());
    await buyBlock(ec2);
    await buyBlock(ec2);
    expect(await listed(ec2, { Filters: [{ Name: "state", Values: ["active"] }] })).toEqual([]);
    expect(await listed(ec2, { Filters: [{ Name: "instance-type", Values: ["p5.*"] }] })).toHaveLength(2);
    const page = await ec2.send(new DescribeCapacityReservationsCommand({ MaxResults: 1 }));
    expect(page.CapacityReservations).toHaveLength(1);
    expect(await listed(ec2, { NextToken: page.NextToken })).toHaveLength(1);
    await expect(listed(ec2, { CapacityReservationIds: ["cr-0"] })).rejects.toMatchObject({
      name: "InvalidCapacityReservationId.NotFound",
    });
  });
});
