import { CreateTagsCommand, DeleteTagsCommand, DescribeTagsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import {
  AddTagsToResourceCommand as AddToCache,
  DescribeReservedCacheNodesCommand,
  DescribeReservedCacheNodesOfferingsCommand,
  ElastiCacheClient,
  ListTagsForResourceCommand as ListOfCache,
  PurchaseReservedCacheNodesOfferingCommand,
  RemoveTagsFromResourceCommand as RemoveFromCache,
} from "@aws-sdk/client-elasticache";
import {
  DescribeReservedNodesOfferingsCommand,
  ListTagsCommand,
  MemoryDBClient,
  PurchaseReservedNodesOfferingCommand,
  TagResourceCommand as TagNodes,
  UntagResourceCommand as UntagNodes,
} from "@aws-sdk/client-memorydb";
import {
  AddTagsToResourceCommand,
  DescribeReservedDBInstancesOfferingsCommand,
  ListTagsForResourceCommand,
  PurchaseReservedDBInstancesOfferingCommand,
  RDSClient,
  RemoveTagsFromResourceCommand,
} from "@aws-sdk/client-rds";
import {
  DescribeSavingsPlansCommand,
  ListTagsForResourceCommand as ListOfPlan,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-savingsplans";
import { describe, expect, it } from "vitest";
import { buy, buyPlan, clientOf, ec2For, savingsPlansFor, simulatedAws } from "./simulated-aws.js";

const TAGS = [
  { Key: "a", Value: "1" },
  { Key: "b", Value: "2" },
];

async function tagsOf(ec2: EC2Client, more: ConstructorParameters<typeof DescribeTagsCommand>[0] = {}) {
  const { Tags = [] } = await ec2.send(new DescribeTagsCommand(more));
  return Tags.map(({ Key, Value }) => `${Key}=${Value}`);
}

describe("the tags of EC2", () => {
  it("are listed by resource, key and value", async () => {
    const ec2 = ec2For(await simulatedAws());
    const [first = "", second = ""] = [await buy(ec2), await buy(ec2)];
    await ec2.send(new CreateTagsCommand({ Resources: [first], Tags: TAGS }));
    await ec2.send(new CreateTagsCommand({ Resources: [second], Tags: [{ Key: "a", Value: "3" }] }));
    expect(await tagsOf(ec2)).toEqual(["a=1", "b=2", "a=3"]);
    expect(await tagsOf(ec2, { Filters: [{ Name: "resource-id", Values: [second] }] })).toEqual(["a=3"]);
    expect(await tagsOf(ec2, { Filters: [{ Name: "key", Values: ["b"] }] })).toEqual(["b=2"]);
    expect(await tagsOf(ec2, { Filters: [{ Name: "tag:a", Values: ["1"] }] })).toEqual(["a=1"]);
    expect(await tagsOf(ec2, { Filters: [{ Name: "resource-type", Values: ["instance"] }] })).toEqual([]);
  });

  it("are taken off by key, by key and value, or all at once", async () => {
    const ec2 = ec2For(await simulatedAws());
    const id = await buy(ec2);
    const tag = () => ec2.send(new CreateTagsCommand({ Resources: [id], Tags: TAGS }));
    const untag = (Tags?: { Key: string; Value?: string }[]) =>
      ec2.send(new DeleteTagsCommand({ Resources: [id], Tags }));
    await tag();
    await untag([{ Key: "a", Value: "2" }]);
    expect(await tagsOf(ec2)).toEqual(["a=1", "b=2"]);
    await untag([{ Key: "a" }]);
    expect(await tagsOf(ec2)).toEqual(["b=2"]);
    await tag();
    await untag();
    expect(await tagsOf(ec2)).toEqual([]);
  });

  it.each([
    ["cr-0123456789abcdef0", "InvalidCapacityReservationId.NotFound"],
    ["hr-0123456789abcdef0", "InvalidHostReservationId.NotFound"],
    ["00000000-0000-4000-8000-000000000001", "InvalidReservedInstancesId"],
  ])("of %s are refused with %s", async (id, name) => {
    const ec2 = ec2For(await simulatedAws());
    for (const command of [
      new CreateTagsCommand({ Resources: [id], Tags: TAGS }),
      new DeleteTagsCommand({ Resources: [id] }),
    ])
      await expect(ec2.send(command as CreateTagsCommand)).rejects.toMatchObject({ name });
  });
});

it("RDS lists, sets and removes tags", async () => {
  const rds = clientOf(RDSClient, await simulatedAws());
  const { ReservedDBInstancesOfferings = [] } = await rds.send(new DescribeReservedDBInstancesOfferingsCommand({}));
  const ReservedDBInstancesOfferingId = ReservedDBInstancesOfferings[0]?.ReservedDBInstancesOfferingId;
  const { ReservedDBInstance } = await rds.send(
    new PurchaseReservedDBInstancesOfferingCommand({ ReservedDBInstancesOfferingId }),
  );
  const ResourceName = String(ReservedDBInstance?.ReservedDBInstanceArn);
  const tags = async () => (await rds.send(new ListTagsForResourceCommand({ ResourceName }))).TagList;
  await rds.send(new AddTagsToResourceCommand({ ResourceName, Tags: TAGS }));
  expect(await tags()).toEqual(TAGS);
  await rds.send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: ["a"] }));
  expect(await tags()).toEqual(TAGS.slice(1));
});

it("ElastiCache lists, sets and removes tags", async () => {
  const cache = clientOf(ElastiCacheClient, await simulatedAws());
  const offerings = await cache.send(new DescribeReservedCacheNodesOfferingsCommand({}));
  const ReservedCacheNodesOfferingId = offerings.ReservedCacheNodesOfferings?.[0]?.ReservedCacheNodesOfferingId;
  await cache.send(new PurchaseReservedCacheNodesOfferingCommand({ ReservedCacheNodesOfferingId }));
  const { ReservedCacheNodes = [] } = await cache.send(new DescribeReservedCacheNodesCommand({}));
  const ResourceName = String(ReservedCacheNodes[0]?.ReservationARN);
  const tags = async () => (await cache.send(new ListOfCache({ ResourceName }))).TagList;
  expect((await cache.send(new AddToCache({ ResourceName, Tags: TAGS }))).TagList).toEqual(TAGS);
  expect(await tags()).toEqual(TAGS);
  const { TagList: left } = await cache.send(new RemoveFromCache({ ResourceName, TagKeys: ["b"] }));
  expect(left).toEqual(TAGS.slice(0, 1));
  expect(await tags()).toEqual(left);
  await expect(cache.send(new ListOfCache({ ResourceName: `${ResourceName}x` }))).rejects.toMatchObject({
    name: expect.stringContaining("ReservedCacheNodeNotFound"),
  });
});

it("MemoryDB lists, sets and removes tags", async () => {
  const memory = clientOf(MemoryDBClient, await simulatedAws());
  const offerings = await memory.send(new DescribeReservedNodesOfferingsCommand({}));
  const ReservedNodesOfferingId = offerings.ReservedNodesOfferings?.[0]?.ReservedNodesOfferingId;
  const { ReservedNode } = await memory.send(new PurchaseReservedNodesOfferingCommand({ ReservedNodesOfferingId }));
  const ResourceArn = String(ReservedNode?.ARN);
  expect((await memory.send(new TagNodes({ ResourceArn, Tags: TAGS }))).TagList).toEqual(TAGS);
  expect((await memory.send(new ListTagsCommand({ ResourceArn }))).TagList).toEqual(TAGS);
  expect((await memory.send(new UntagNodes({ ResourceArn, TagKeys: ["a"] }))).TagList).toEqual(TAGS.slice(1));
  await expect(memory.send(new ListTagsCommand({ ResourceArn: `${ResourceArn}x` }))).rejects.toMatchObject({
    name: "InvalidARNFault",
  });
});

it("Savings Plans lists, sets and removes tags", async () => {
  const plans = savingsPlansFor(await simulatedAws());
  await buyPlan(plans, { tags: { a: "1" } });
  const { savingsPlans = [] } = await plans.send(new DescribeSavingsPlansCommand({}));
  const resourceArn = String(savingsPlans[0]?.savingsPlanArn);
  const tags = async () => (await plans.send(new ListOfPlan({ resourceArn }))).tags;
  await plans.send(new TagResourceCommand({ resourceArn, tags: { b: "2" } }));
  expect(await tags()).toEqual({ a: "1", b: "2" });
  await plans.send(new UntagResourceCommand({ resourceArn, tagKeys: ["a"] }));
  expect(await tags()).toEqual({ b: "2" });
});
