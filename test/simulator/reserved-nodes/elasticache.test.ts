import {
  DescribeReservedCacheNodesCommand,
  DescribeReservedCacheNodesOfferingsCommand,
  ElastiCacheClient,
  PurchaseReservedCacheNodesOfferingCommand,
  ReservedCacheNodeAlreadyExistsFault,
  ReservedCacheNodeNotFoundFault,
} from "@aws-sdk/client-elasticache";
import { expect, it } from "vitest";
import { ACCOUNT, clientOf, ManualClock, simulatedAws } from "../simulated-aws.js";

const YEAR = 31_536_000;
const wanted = { CacheNodeType: "cache.r6g.large", ProductDescription: "redis", Duration: "1" };

it("shows what an offering costs, and no currency", async () => {
  const client = clientOf(ElastiCacheClient, await simulatedAws());
  expect(await offerings(client, { ...wanted, OfferingType: "Partial Upfront" })).toEqual([
    {
      ReservedCacheNodesOfferingId: expect.stringMatching(/^[0-9a-f]{8}-/),
      CacheNodeType: "cache.r6g.large",
      Duration: YEAR,
      FixedPrice: 545.7,
      UsagePrice: 0,
      ProductDescription: "redis",
      OfferingType: "Partial Upfront",
      RecurringCharges: [{ RecurringChargeAmount: 0.06229, RecurringChargeFrequency: "Hourly" }],
    },
  ]);
});

it("sells every engine for every term and way to pay, and finds engines by their whole names", async () => {
  const client = clientOf(ElastiCacheClient, await simulatedAws());
  const rows = await offerings(client, { CacheNodeType: "cache.r6g.large" });
  expect(new Set(rows.map((row) => row.ProductDescription))).toEqual(new Set(["memcached", "redis", "valkey"]));
  expect(rows).toHaveLength(3 * 2 * 3);
  expect(await offerings(client, { ...wanted, ProductDescription: "red" })).toEqual([]);
});

it("buys, and answers what the listing shows", async () => {
  const clock = new ManualClock();
  const client = clientOf(ElastiCacheClient, await simulatedAws({ clock }));
  const [{ ReservedCacheNodesOfferingId } = {}] = await offerings(client, { ...wanted, OfferingType: "No Upfront" });
  const request = { ReservedCacheNodesOfferingId, ReservedCacheNodeId: "mine", CacheNodeCount: 2 };
  const { ReservedCacheNode } = await client.send(new PurchaseReservedCacheNodesOfferingCommand(request));
  expect(ReservedCacheNode).toEqual({
    ReservedCacheNodeId: "mine",
    ReservedCacheNodesOfferingId,
    CacheNodeType: "cache.r6g.large",
    StartTime: new Date(clock.now()),
    Duration: YEAR,
    FixedPrice: 0,
    UsagePrice: 0,
    CacheNodeCount: 2,
    ProductDescription: "redis",
    OfferingType: "No Upfront",
    State: "active",
    RecurringCharges: [{ RecurringChargeAmount: 0.12978, RecurringChargeFrequency: "Hourly" }],
    ReservationARN: `arn:aws:elasticache:us-east-1:${ACCOUNT}:reserved-instance:mine`,
  });
  expect(await listed(client)).toEqual([ReservedCacheNode]);
  expect(await listed(client, { ...wanted, ReservedCacheNodesOfferingId })).toEqual([ReservedCacheNode]);
  expect(await listed(client, { ...wanted, ProductDescription: "valkey" })).toEqual([]);
  const again = client.send(new PurchaseReservedCacheNodesOfferingCommand(request));
  await expect(again).rejects.toBeInstanceOf(ReservedCacheNodeAlreadyExistsFault);
  await expect(listed(client, { ReservedCacheNodeId: "other" })).rejects.toBeInstanceOf(ReservedCacheNodeNotFoundFault);
});

it.each([
  ["InvalidParameterValueException", { CacheNodeCount: 0 }],
  ["InvalidParameterValueException", { ReservedCacheNodeId: "under_score" }],
  ["MissingParameter", { ReservedCacheNodesOfferingId: undefined }],
])("answers %s to %j and buys nothing", async (name, more) => {
  const simulator = await simulatedAws();
  const client = clientOf(ElastiCacheClient, simulator);
  const [{ ReservedCacheNodesOfferingId } = {}] = await offerings(client, wanted);
  const request = { ReservedCacheNodesOfferingId, ...more };
  const answer = client.send(new PurchaseReservedCacheNodesOfferingCommand(request));
  await expect(answer).rejects.toMatchObject({ name });
  expect(await simulator.ledger.purchases()).toEqual([]);
});

async function offerings(client: ElastiCacheClient, request: DescribeReservedCacheNodesOfferingsCommand["input"]) {
  const answer = await client.send(new DescribeReservedCacheNodesOfferingsCommand(request));
  return answer.ReservedCacheNodesOfferings ?? [];
}

async function listed(client: ElastiCacheClient, request: DescribeReservedCacheNodesCommand["input"] = {}) {
  return (await client.send(new DescribeReservedCacheNodesCommand(request))).ReservedCacheNodes ?? [];
}
