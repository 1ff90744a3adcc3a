import { ElastiCacheClient, PurchaseReservedCacheNodesOfferingCommand } from "@aws-sdk/client-elasticache";
import { MemoryDBClient, PurchaseReservedNodesOfferingCommand } from "@aws-sdk/client-memorydb";
import { OpenSearchClient, PurchaseReservedInstanceOfferingCommand } from "@aws-sdk/client-opensearch";
import { PurchaseReservedDBInstancesOfferingCommand, RDSClient } from "@aws-sdk/client-rds";
import { PurchaseReservedNodeOfferingCommand, RedshiftClient } from "@aws-sdk/client-redshift";
import type { AwsElastiCacheRequest } from "../../../../src/domain/commitment-request/aws-elasticache.js";
import type { AwsMemoryDbRequest } from "../../../../src/domain/commitment-request/aws-memorydb.js";
import type { AwsOpenSearchRequest } from "../../../../src/domain/commitment-request/aws-opensearch.js";
import type { AwsRdsRequest } from "../../../../src/domain/commitment-request/aws-rds.js";
import type { AwsRedshiftRequest } from "../../../../src/domain/commitment-request/aws-redshift.js";
import type { CommitmentRequest } from "../../../../src/domain/commitment-request/commitment-request.js";
import { reservationId } from "../../../../src/idempotency/token-formats.js";
import { elastiCacheReservedNodes } from "../../../../src/providers/aws/services/elasticache-reserved-nodes.js";
import { memoryDbReservedNodes } from "../../../../src/providers/aws/services/memorydb-reserved-nodes.js";
import { openSearchReservedInstances } from "../../../../src/providers/aws/services/opensearch-reserved-instances.js";
import { rdsReservedInstances } from "../../../../src/providers/aws/services/rds-reserved-instances.js";
import { redshiftReservedNodes } from "../../../../src/providers/aws/services/redshift-reserved-nodes.js";
import type { AwsSimulator, ReservedNodesOffering } from "../../../../src/simulator/index.js";
import { ACCOUNT } from "../simulated-line.js";
import { type AwsServiceUnderTest, only } from "./aws-fixture.js";

/** Two of something for a year, paid upfront. */
const line = { account: ACCOUNT, region: "us-east-1", quantity: 2, term: "1yr", payment: "all_upfront" } as const;
const usd = (amount: string) => ({ amount, currency: "USD" });

/** What the services with reserved nodes have in common. */
const nodes = {
  refusal: { code: "OptInRequired", status: 403 },
  denial: { code: "AccessDenied", status: 403 },
  states: { live: ["payment-pending", "active"], void: ["payment-failed"], unclear: ["retired"] },
} as const;

const UNQUEUED = { queue: "the service does not queue", ended: "a reservation ends by its term" } as const;
/** The services that keep the buyer's name for ever. */
const NAMED = { ...UNQUEUED, lane: "reservations are told apart by their name" } as const;

/** The same line with another way to pay, and for another term. */
const siblingsOf = <Request extends CommitmentRequest>(
  request: Request,
  prices: { readonly byTheHour: string; readonly threeYears: string },
): readonly Request[] => [
  { ...request, payment: "no_upfront", expectedPrice: usd(prices.byTheHour) },
  { ...request, term: "3yr", expectedPrice: usd(prices.threeYears) },
];

/** The id of the offering for a year, paid upfront, of what is described. */
async function offeringOf(
  simulator: AwsSimulator,
  wanted: Pick<ReservedNodesOffering, "service" | "nodeType"> & Partial<ReservedNodesOffering>,
) {
  const exact = { ...wanted, offeringType: "All Upfront", durationSeconds: 31_536_000 };
  const listed = await simulator.offerings.list(wanted.service, line.region);
  const isExact = (offering: ReservedNodesOffering) =>
    Object.entries(exact).every(([name, value]) => Reflect.get(offering, name) === value);
  return only(listed.filter(isExact)).offeringId;
}

const dbInstances: AwsRdsRequest = {
  ...line,
  service: "aws.rds",
  dbInstanceClass: "db.r6g.large",
  engine: "mysql",
  multiAz: false,
  expectedPrice: usd("2230.70"),
};

/** RDS reserved DB instances. */
export const RDS: AwsServiceUnderTest<RDSClient> = {
  ...nodes,
  Client: RDSClient,
  provider: rdsReservedInstances,
  purchase: "PurchaseReservedDBInstancesOffering",
  listings: ["DescribeReservedDBInstances"],
  cannot: NAMED,
  request: dbInstances,
  different: { ...dbInstances, quantity: 3 },
  siblings: siblingsOf(dbInstances, { byTheHour: "2373.084", threeYears: "4567.62" }),
  optional: [
    "DBInstanceClass",
    "ProductDescription",
    "MultiAZ",
    "Duration",
    "OfferingType",
    "DBInstanceCount",
    "State",
  ],
  unsold: { ...dbInstances, dbInstanceClass: "db.r6g.48xlarge" },
  async buyByHand(client, simulator) {
    const wanted = {
      service: "aws.rds",
      nodeType: "db.r6g.large",
      productDescription: "mysql",
      multiAz: false,
    } as const;
    const ReservedDBInstancesOfferingId = await offeringOf(simulator, wanted);
    const command = { ReservedDBInstancesOfferingId, DBInstanceCount: 2 };
    const { ReservedDBInstance } = await client.send(new PurchaseReservedDBInstancesOfferingCommand(command));
    return ReservedDBInstance?.ReservedDBInstanceId;
  },
};

const cacheNodes: AwsElastiCacheRequest = {
  ...line,
  service: "aws.elasticache",
  cacheNodeType: "cache.r6g.large",
  engine: "redis",
  expectedPrice: usd("2137.32"),
};

/** ElastiCache reserved cache nodes. */
export const ELASTICACHE: AwsServiceUnderTest<ElastiCacheClient> = {
  ...nodes,
  Client: ElastiCacheClient,
  provider: elastiCacheReservedNodes,
  purchase: "PurchaseReservedCacheNodesOffering",
  listings: ["DescribeReservedCacheNodes"],
  cannot: NAMED,
  request: cacheNodes,
  different: { ...cacheNodes, quantity: 3 },
  siblings: siblingsOf(cacheNodes, { byTheHour: "2273.7456", threeYears: "4376.42" }),
  optional: ["CacheNodeType", "ProductDescription", "Duration", "OfferingType", "CacheNodeCount", "State"],
  unsold: { ...cacheNodes, cacheNodeType: "cache.r6g.48xlarge" },
  async buyByHand(client, simulator) {
    const wanted = { service: "aws.elasticache", nodeType: "cache.r6g.large", productDescription: "redis" } as const;
    const ReservedCacheNodesOfferingId = await offeringOf(simulator, wanted);
    const command = { ReservedCacheNodesOfferingId, CacheNodeCount: 2 };
    const { ReservedCacheNode } = await client.send(new PurchaseReservedCacheNodesOfferingCommand(command));
    return ReservedCacheNode?.ReservedCacheNodeId;
  },
};

const memoryNodes: AwsMemoryDbRequest = {
  ...line,
  service: "aws.memorydb",
  nodeType: "db.r6g.large",
  expectedPrice: usd("3205.98"),
};

/** MemoryDB reserved nodes. */
export const MEMORYDB: AwsServiceUnderTest<MemoryDBClient> = {
  ...nodes,
  Client: MemoryDBClient,
  provider: memoryDbReservedNodes,
  purchase: "PurchaseReservedNodesOffering",
  listings: ["DescribeReservedNodes"],
  refusal: { code: "ReservedNodeQuotaExceededFault", status: 400 },
  cannot: NAMED,
  request: memoryNodes,
  different: { ...memoryNodes, quantity: 3 },
  siblings: siblingsOf(memoryNodes, { byTheHour: "3410.6184", threeYears: "6564.62" }),
  optional: ["NodeType", "Duration", "OfferingType", "NodeCount", "State"],
  unsold: { ...memoryNodes, nodeType: "db.r6g.48xlarge" },
  async buyByHand(client, simulator) {
    const ReservedNodesOfferingId = await offeringOf(simulator, { service: "aws.memorydb", nodeType: "db.r6g.large" });
    const command = { ReservedNodesOfferingId, NodeCount: 2 };
    const { ReservedNode } = await client.send(new PurchaseReservedNodesOfferingCommand(command));
    return ReservedNode?.ReservationId;
  },
};

const searchInstances: AwsOpenSearchRequest = {
  ...line,
  service: "aws.opensearch",
  instanceType: "m6g.large.search",
  expectedPrice: usd("1328.04"),
};

/** OpenSearch Service reserved instances, which show the name that their buyer gave them. */
export const OPENSEARCH: AwsServiceUnderTest<OpenSearchClient> = {
  ...nodes,
  Client: OpenSearchClient,
  provider: openSearchReservedInstances,
  purchase: "PurchaseReservedInstanceOffering",
  listings: ["DescribeReservedInstances"],
  refusal: { code: "ValidationException", status: 400 },
  cannot: UNQUEUED,
  request: searchInstances,
  different: { ...searchInstances, quantity: 3 },
  siblings: siblingsOf(searchInstances, { byTheHour: "1412.8128", threeYears: "2719.32" }),
  optional: [
    "InstanceType",
    "Duration",
    "PaymentOption",
    "InstanceCount",
    "ReservedInstanceOfferingId",
    "ReservationName",
    "StartTime",
    "State",
  ],
  unsold: { ...searchInstances, instanceType: "m6g.48xlarge.search" },
  async buyByHand(client, simulator) {
    const wanted = { service: "aws.opensearch", nodeType: "m6g.large.search" } as const;
    const ReservedInstanceOfferingId = await offeringOf(simulator, wanted);
    const command = { ReservedInstanceOfferingId, ReservationName: "by-hand", InstanceCount: 2 };
    return (await client.send(new PurchaseReservedInstanceOfferingCommand(command))).ReservedInstanceId;
  },
  tokenOn: ({ token }) => token,
  shownToken: (token) => reservationId("buyonce-", token),
};

const redshiftNodes: AwsRedshiftRequest = {
  ...line,
  service: "aws.redshift",
  nodeType: "ra3.xlplus",
  nodeOfferingType: "Regular",
  expectedPrice: usd("11267.62"),
};

/** Redshift reserved nodes, which keep nothing of a token. */
export const REDSHIFT: AwsServiceUnderTest<RedshiftClient> = {
  ...nodes,
  Client: RedshiftClient,
  provider: redshiftReservedNodes,
  purchase: "PurchaseReservedNodeOffering",
  listings: ["DescribeReservedNodes"],
  cannot: {
    ...UNQUEUED,
    "carries-token": "a purchase takes no id, no token and no tags",
    "found-by-token": "a reservation shows nothing of a token",
  },
  request: redshiftNodes,
  different: { ...redshiftNodes, quantity: 3 },
  siblings: [
    ...siblingsOf(redshiftNodes, { byTheHour: "11986.8336", threeYears: "23071.8" }),
    { ...redshiftNodes, nodeOfferingType: "Upgradable" },
  ],
  states: {
    live: ["payment-pending", "pending-payment", "active", "exchanging"],
    void: ["payment-failed"],
    unclear: ["retired"],
  },
  optional: [
    "NodeType",
    "Duration",
    "ReservedNodeOfferingType",
    "RecurringCharges",
    "FixedPrice",
    "OfferingType",
    "NodeCount",
    "ReservedNodeOfferingId",
    "StartTime",
    "State",
  ],
  unsold: { ...redshiftNodes, nodeType: "ra3.48xlarge" },
  async buyByHand(client, simulator) {
    const wanted = { service: "aws.redshift", nodeType: "ra3.xlplus", nodeOfferingType: "Regular" } as const;
    const ReservedNodeOfferingId = await offeringOf(simulator, wanted);
    const command = { ReservedNodeOfferingId, NodeCount: 2 };
    return (await client.send(new PurchaseReservedNodeOfferingCommand(command))).ReservedNode?.ReservedNodeId;
  },
};
