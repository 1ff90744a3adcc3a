import {
  type CapacityReservation,
  DeleteTagsCommand,
  DescribeCapacityReservationsCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import type { AwsSimulatorOptions, Fault } from "buyonce/simulator";
import { describe, expect, test } from "vitest";
import type { AwsCapacityBlocksRequest } from "../../../src/domain/commitment-request/aws-capacity-blocks.js";
import type { Prepared } from "../../../src/domain/evidence.js";
import { quantityOf } from "../../../src/providers/aws/services/ec2-capacity-blocks/attributes.js";
import { searchedHours } from "../../../src/providers/aws/services/ec2-capacity-blocks/find-offering.js";
import { ec2CapacityBlocks } from "../../../src/providers/aws/services/ec2-capacity-blocks.js";
import { TOKEN_TAG } from "../../../src/providers/aws/token-tag.js";
import type { ProviderContext } from "../../../src/providers/commitment-provider.js";
import { type Answer, changeAnswers } from "./changed-answers.js";
import { CAPACITY_BLOCKS } from "./contract/capacity-blocks.js";
import { ACCOUNT, context, ec2Client, OTHER_TOKEN, permitFor, seen, simulated, TOKEN } from "./simulated-line.js";

const LISTING = "DescribeCapacityReservations";
const OFFERINGS = "DescribeCapacityBlockOfferings";
const PURCHASE = "PurchaseCapacityBlock";

const blockRequest = (more: Partial<AwsCapacityBlocksRequest> = {}) =>
  ({ ...CAPACITY_BLOCKS.request, ...more }) as AwsCapacityBlocksRequest;

/** A simulator with a client and a provider of the line's account. */
async function cloudWith(options: AwsSimulatorOptions = {}) {
  const cloud = await simulated(options);
  const client = ec2Client(cloud);
  const provider = ec2CapacityBlocks({ clientFor: () => client });
  const now = (more: Partial<ProviderContext> = {}) => context({ now: cloud.clock.now(), ...more });
  return {
    ...cloud,
    client,
    provider,
    fault: (fault: Fault) => cloud.simulator.faults.add(fault),
    purchases: () => cloud.simulator.ledger.purchases(),
    prepare: (request = blockRequest()) => provider.prepare(request, TOKEN, now()),
    purchase: (prepared: Prepared, request = blockRequest()) =>
      provider.purchase(permitFor(request, prepared, cloud.clock.now()), context()),
    lookup: (request = blockRequest(), more: Partial<ProviderContext> = {}) =>
      provider.lookup(request, TOKEN, now(more)),
    inventory: (prepared?: Prepared, request = blockRequest()) =>
      provider.inventory?.(request, TOKEN, now(prepared && { prepared })) ?? [],
    label: (commitmentIds: readonly string[], token = TOKEN) =>
      provider.label?.({ commitmentIds, adopted: true }, token, { ...now(), request: blockRequest() }),
  };
}
type Cloud = Awaited<ReturnType<typeof cloudWith>>;

/** Prepares and buys; the id that EC2 answered. */
async function bought(cloud: Cloud, request = blockRequest()): Promise<string> {
  const outcome = await cloud.purchase(await cloud.prepare(request), request);
  if (outcome.kind !== "committed") throw new Error(`not bought: ${JSON.stringify(outcome)}`);
  return outcome.commitment.commitmentIds[0] ?? "";
}

async function listed(client: EC2Client): Promise<readonly CapacityReservation[]> {
  return (await client.send(new DescribeCapacityReservationsCommand({}))).CapacityReservations ?? [];
}

/** Makes a cloud of the simulator that lists blocks otherwise. */
const relist = (cloud: Cloud, change: (block: Answer) => void) =>
  changeAnswers(cloud.client, LISTING, (answer) => {
    for (const block of answer["CapacityReservations"] as Answer[]) change(block);
  });

test("the contract is none, with a label that goes out with the purchase", async () => {
  const { idempotency, service, label, inventory } = ec2CapacityBlocks({
    clientFor: () => Promise.reject(new Error()),
  });
  expect(service).toBe("aws.ec2-capacity-blocks");
  expect(idempotency).toMatchObject({ kind: "none", windowMs: 0, maxRequestLifetimeMs: 900_000 });
  expect([label, inventory].every((part) => typeof part === "function")).toBe(true);
});

describe("prepare", () => {
  test("finds the offering of the very block, and its fee", async () => {
    const cloud = await cloudWith();
    expect(await cloud.prepare()).toEqual({
      reference: expect.stringMatching(/^cb-[0-9a-f]{17}$/),
      price: { amount: "1510.27", currency: "USD" },
      lane: `aws.ec2-capacity-blocks/${ACCOUNT}/us-east-1`,
      snapshot: [],
    });
    const [asked] = await seen(cloud, OFFERINGS);
    expect(asked?.params).toMatchObject({
      InstanceType: "p5.48xlarge",
      InstanceCount: "2",
      CapacityDurationHours: "24",
      StartDateRange: "2035-01-06T11:30:00Z",
      EndDateRange: "2035-01-07T11:30:00Z",
    });
  });

  test.each([
    ["another start", { startsAt: "2035-01-06T11:29:00Z" }],
    ["another end", { endsAt: "2035-01-07T11:31:00Z" }],
    ["a zone that sells none", { availabilityZone: "us-east-1f" }],
    ["another type", { instanceType: "p9.48xlarge" }],
  ])("finds none with %s", async (_what, more) => {
    const cloud = await cloudWith();
    await expect(cloud.prepare(blockRequest(more))).rejects.toMatchObject({ code: "OFFERING_NOT_FOUND" });
  });

  test("refuses another fee", async () => {
    const cloud = await cloudWith();
    const request = blockRequest({ expectedPrice: { amount: "1400", currency: "USD" } });
    await expect(cloud.prepare(request)).rejects.toMatchObject({ code: "PRICE_DRIFT" });
  });

  test.each([undefined, "", "cheap"])("is tried again later where the fee is %j", async (fee) => {
    const cloud = await cloudWith();
    changeAnswers(cloud.client, OFFERINGS, (answer) => {
      for (const offering of answer["CapacityBlockOfferings"] as Answer[]) offering["UpfrontFee"] = fee;
    });
    await expect(cloud.prepare()).rejects.toMatchObject({ code: "PREPARE_FAILED", retryable: true });
  });

  test("does not take UltraServers for instances", async () => {
    const cloud = await cloudWith();
    changeAnswers(cloud.client, OFFERINGS, (answer) => {
      for (const offering of answer["CapacityBlockOfferings"] as Answer[])
        offering["UltraserverType"] = "u-p6e-gb200x72";
    });
    await expect(cloud.prepare()).rejects.toMatchObject({ code: "OFFERING_NOT_FOUND" });
  });

  test("takes an empty type of UltraServer for none", async () => {
    const cloud = await cloudWith();
    changeAnswers(cloud.client, OFFERINGS, (answer) => {
      for (const offering of answer["CapacityBlockOfferings"] as Answer[]) offering["UltraserverType"] = "";
    });
    expect(await cloud.prepare()).toMatchObject({ snapshot: [] });
  });

  test("keeps every block that is there, because one that ends too early today can be extended", async () => {
    const cloud = await cloudWith();
    const id = await bought(cloud);
    const longer = blockRequest({ endsAt: "2035-01-09T11:30:00Z", priceTolerancePercent: 20 });
    const price = { amount: "4530.82", currency: "USD" };
    const prepared = await cloud.prepare({ ...longer, expectedPrice: price });
    expect(prepared.snapshot).toEqual([id]);
    relist(cloud, (block) => {
      block["EndDate"] = new Date(longer.endsAt);
    });
    expect(await cloud.inventory(prepared, longer)).toMatchObject([{ commitmentId: id }]);
  });

  test("goes on over empty pages", async () => {
    const cloud = await cloudWith({ emptyPages: true });
    expect(await cloud.prepare()).toMatchObject({ snapshot: [] });
    expect(await seen(cloud, OFFERINGS)).toHaveLength(2);
  });
});

test.each([
  ["2035-01-06T11:30:00Z", "2035-01-07T11:30:00Z", 24],
  ["2035-01-06T04:55:00Z", "2035-01-06T11:30:00Z", 24],
  ["2035-01-06T04:55:00Z", "2035-01-07T11:30:00Z", 24],
  ["2035-01-06T17:30:00Z", "2035-01-08T11:30:00Z", 48],
  ["2035-01-01T11:30:00Z", "2035-01-15T11:30:00Z", 336],
  ["2035-01-01T04:55:00Z", "2035-01-22T11:30:00Z", 504],
  ["2035-01-01T11:30:00Z", "2035-07-02T11:30:00Z", 4_368],
])("a block from %s to %s is searched for by %i hours", (startsAt, endsAt, hours) => {
  expect(searchedHours({ startsAt, endsAt })).toBe(hours);
});

describe("purchase", () => {
  test("sends the offering, the platform and the token as a tag, once", async () => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    const outcome = await cloud.purchase(prepared);
    const [purchase, ...others] = await cloud.purchases();
    expect(others).toEqual([]);
    expect(purchase).toMatchObject({ quantity: 2, tags: { [TOKEN_TAG]: TOKEN }, offeringId: prepared.reference });
    const [sent] = await seen(cloud, PURCHASE);
    expect(sent?.params).toEqual({
      Action: PURCHASE,
      Version: "2016-11-15",
      CapacityBlockOfferingId: prepared.reference,
      InstancePlatform: "Linux/UNIX",
      TagSpecification: [{ ResourceType: "capacity-reservation", Tag: [{ Key: TOKEN_TAG, Value: TOKEN }] }],
    });
    expect(outcome).toEqual({
      kind: "committed",
      commitment: { commitmentIds: [purchase?.commitmentId], startedAt: Date.parse("2035-01-06T11:30:00Z") },
      sighting: { meaning: "live", state: "scheduled" },
    });
  });

  test.each(["Expired", "Malformed", "NotFound"])(
    "of an offering that is %s is rejected, and may be tried again",
    async (problem) => {
      const cloud = await cloudWith();
      const prepared = await cloud.prepare();
      const code = `InvalidCapacityBlockOfferingId${problem}`;
      await cloud.fault({ operation: PURCHASE, kind: "error", code, status: 400 });
      const outcome = await cloud.purchase(prepared);
      expect(outcome).toMatchObject({ kind: "rejected", rejection: { code } });
      expect(outcome).not.toHaveProperty("rejection.persistent");
    },
  );

  test.each([
    ["InstanceType", "p4d.24xlarge"],
    ["AvailabilityZone", "us-east-1b"],
    ["InstancePlatform", "Windows"],
    ["StartDate", new Date("2035-02-06T11:30:00Z")],
    ["TotalInstanceCount", 3],
    ["CapacityReservationId", undefined],
  ])("whose answer states another %s is unknown", async (name, value) => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    changeAnswers(cloud.client, PURCHASE, (answer) => {
      const block = answer["CapacityReservation"] as Answer;
      if (name === "TotalInstanceCount") block["Tags"] = [];
      block[name] = value;
    });
    expect(await cloud.purchase(prepared)).toMatchObject({ kind: "unknown" });
    expect(await cloud.purchases()).toHaveLength(1);
  });
});

describe("lookup", () => {
  test("finds the block that carries the token, whatever its state", async () => {
    const cloud = await cloudWith();
    expect(await cloud.lookup()).toBeUndefined();
    const id = await bought(cloud);
    expect(await cloud.lookup()).toEqual({
      commitmentIds: [id],
      labeled: true,
      sighting: { meaning: "live", state: "scheduled" },
      differences: [],
      startedAt: Date.parse("2035-01-06T11:30:00Z"),
    });
    await cloud.simulator.states.set(id, "expired");
    expect(await cloud.lookup()).toMatchObject({ sighting: { meaning: "ended" } });
  });

  test("passes over one whose payment failed once a person retries, and not before", async () => {
    const cloud = await cloudWith();
    await cloud.fault({ operation: PURCHASE, kind: "payment-fails" });
    await bought(cloud);
    expect(await cloud.lookup()).toMatchObject({ sighting: { meaning: "void", state: "payment-failed" } });
    expect(await cloud.lookup(blockRequest(), { lineageAttempt: 2 })).toBeUndefined();
  });

  test("says how the block differs from the line", async () => {
    const cloud = await cloudWith();
    await bought(cloud);
    const other = blockRequest({ quantity: 4, platform: "Windows", startsAt: "2035-03-06T11:30:00Z" });
    expect(await cloud.lookup(other)).toMatchObject({
      differences: [
        "InstancePlatform: expected Windows, found Linux/UNIX",
        "StartDate: expected 2035-03-06T11:30:00Z, found 2035-01-06T11:30:00.000Z",
        "quantity: expected 4, found 2",
      ],
    });
  });

  test("takes an extended block for the line's", async () => {
    const cloud = await cloudWith();
    await bought(cloud);
    relist(cloud, (block) => {
      block["EndDate"] = new Date("2035-02-07T11:30:00Z");
    });
    expect(await cloud.lookup()).toMatchObject({ differences: [] });
  });

  test.each([
    ["an On-Demand Capacity Reservation", { ReservationType: "default" }],
    ["a reservation without a type and without an end", { ReservationType: undefined, EndDateType: "unlimited" }],
    ["a reservation that another account shares", { OwnerId: "999999999999" }],
  ])("passes over %s, even with the tag", async (_what, change) => {
    const cloud = await cloudWith();
    await bought(cloud);
    relist(cloud, (block) => Object.assign(block, change));
    expect(await cloud.lookup()).toBeUndefined();
    expect(await cloud.inventory()).toEqual([]);
  });

  test("throws for an entry without an id", async () => {
    const cloud = await cloudWith();
    await bought(cloud);
    relist(cloud, (block) => Object.assign(block, { CapacityReservationId: undefined }));
    await expect(cloud.lookup()).rejects.toMatchObject({ code: "LOOKUP_FAILED" });
  });
});

describe("the inventory", () => {
  test("shows a block that lost its tag, as the line's own", async () => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    await cloud.fault({ operation: PURCHASE, kind: "lost-tag-at-creation" });
    await cloud.purchase(prepared);
    const [item, ...others] = await cloud.inventory(prepared);
    expect(others).toEqual([]);
    expect(item).toEqual({
      commitmentId: (await cloud.purchases())[0]?.commitmentId,
      quantity: 2,
      startedAt: cloud.clock.now(),
      sighting: { meaning: "live", state: "scheduled" },
    });
  });

  test.each([
    ["InstanceType", undefined, "InstanceType is not stated"],
    ["ReservationType", undefined, "does not say whether it is a Capacity Block"],
    ["StartDate", new Date("2035-01-06T11:31:00Z"), "StartDate is 2035-01-06T11:31:00.000Z"],
    ["EndDate", undefined, "EndDate is not stated"],
    ["EndDate", new Date("2035-02-07T11:30:00Z"), "EndDate is 2035-02-07T11:30:00.000Z"],
    ["Tags", [], "its number of instances is not stated"],
  ])("leaves a block whose %s is %s to a person", async (name, value, maybe) => {
    const cloud = await cloudWith();
    await bought(cloud);
    relist(cloud, (block) => Object.assign(block, { [name]: value }));
    expect(await cloud.inventory()).toMatchObject([{ maybe: expect.stringContaining(maybe) }]);
  });

  test("shows a block whose platform EC2 spells otherwise, and nothing of it differs", async () => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    await bought(cloud);
    relist(cloud, (block) => Object.assign(block, { InstancePlatform: "LINUX / UNIX" }));
    const [item] = await cloud.inventory(prepared);
    expect(item).toMatchObject({ quantity: 2 });
    expect(item).not.toHaveProperty("maybe");
    expect(await cloud.lookup()).toMatchObject({ differences: [] });
  });

  test.each([
    ["InstanceType", "p4d.24xlarge"],
    ["AvailabilityZone", "us-east-1b"],
    ["InstancePlatform", "Windows"],
    ["StartDate", new Date("2035-01-07T11:30:00Z")],
    ["EndDate", new Date("2035-01-06T11:30:00Z")],
  ])("leaves out a block of another %s", async (name, value) => {
    const cloud = await cloudWith();
    await bought(cloud);
    relist(cloud, (block) => Object.assign(block, { [name]: value }));
    expect(await cloud.inventory()).toEqual([]);
  });
});

test("the number of instances is the one that was asked for, because capacity appears as zero before the start", () => {
  const Tags = [{ Key: "aws:ec2capacityreservation:incrementalRequestedQuantity", Value: "8" }];
  expect(quantityOf({ TotalInstanceCount: 0, Tags })).toBe(8);
  expect(quantityOf({ TotalInstanceCount: 4 })).toBe(4);
  expect(quantityOf({ TotalInstanceCount: 4, Tags: [{ ...Tags[0], Value: "many" }] })).toBe(4);
  expect(quantityOf({ TotalInstanceCount: 0 })).toBeUndefined();
  expect(quantityOf({})).toBeUndefined();
});

describe("label", () => {
  test("only reads back what carries its token already", async () => {
    const cloud = await cloudWith();
    const id = await bought(cloud);
    expect(await cloud.label([id])).toEqual({ commitmentIds: [id] });
    expect(await seen(cloud, "CreateTags")).toEqual([]);
  });

  test("puts the token on a block that lost it, and reads it back", async () => {
    const cloud = await cloudWith();
    const id = await bought(cloud);
    await cloud.client.send(new DeleteTagsCommand({ Resources: [id] }));
    expect(await cloud.lookup()).toBeUndefined();
    expect(await cloud.label([id])).toEqual({ commitmentIds: [id] });
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id] });
  });

  test("is tried again while the block or its tag is not listed", async () => {
    const cloud = await cloudWith();
    const id = await bought(cloud);
    await expect(cloud.label(["cr-0"])).rejects.toMatchObject({ code: "LABEL_FAILED" });
    await cloud.client.send(new DeleteTagsCommand({ Resources: [id] }));
    await cloud.fault({ operation: "CreateTags", kind: "lost-tag" });
    await expect(cloud.label([id])).rejects.toMatchObject({ message: expect.stringContaining("not listed yet") });
  });

  test("never takes over a block of another line", async () => {
    const cloud = await cloudWith();
    const id = await bought(cloud);
    await expect(cloud.label([id], OTHER_TOKEN)).rejects.toMatchObject({
      message: expect.stringContaining("carries the token of another line"),
    });
  });

  test("says of a block that is over what became of it", async () => {
    const cloud = await cloudWith();
    const id = await bought(cloud);
    await cloud.simulator.states.set(id, "payment-failed");
    expect(await cloud.label([id])).toEqual({
      commitmentIds: [id],
      sighting: { meaning: "void", state: "payment-failed" },
    });
    expect((await listed(cloud.client))[0]?.State).toBe("payment-failed");
  });
});
