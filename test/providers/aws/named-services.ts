import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { MemoryDBClient } from "@aws-sdk/client-memorydb";
import { RDSClient } from "@aws-sdk/client-rds";
import type { ReservedNodesOffering } from "buyonce/simulator";
import type { AwsElastiCacheRequest } from "../../../src/domain/commitment-request/aws-elasticache.js";
import type { AwsMemoryDbRequest } from "../../../src/domain/commitment-request/aws-memorydb.js";
import type { AwsRdsRequest } from "../../../src/domain/commitment-request/aws-rds.js";
import type { AwsProviderOptions } from "../../../src/providers/aws/aws-provider-options.js";
import type { AwsTiming } from "../../../src/providers/aws/aws-timing.js";
import { elastiCacheReservedNodes } from "../../../src/providers/aws/services/elasticache-reserved-nodes.js";
import { memoryDbReservedNodes } from "../../../src/providers/aws/services/memorydb-reserved-nodes.js";
import { rdsReservedInstances } from "../../../src/providers/aws/services/rds-reserved-instances.js";
import { TOKEN_TAG } from "../../../src/providers/aws/token-tag.js";
import type { CommitmentProvider } from "../../../src/providers/commitment-provider.js";
import { ACCOUNT, TOKEN } from "./simulated-line.js";

/** A line of one of the services. */
export type NamedRequest = AwsElastiCacheRequest | AwsMemoryDbRequest | AwsRdsRequest;

/** A client of one of the services. */
export type NamedClient = ElastiCacheClient | MemoryDBClient | RDSClient;

/** How a client is made and how an adapter is set. */
export interface Settings extends Omit<AwsProviderOptions<never, AwsTiming>, "clientFor" | "stsClientFor"> {
  readonly region?: string;
  readonly account?: string;
}

/** Everything a client needs to reach a simulator. */
export interface Target {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** One of the services whose buyers name their reservations, and what a test has to know of it. */
export interface NamedService {
  readonly name: string;
  readonly service: "aws.elasticache" | "aws.memorydb" | "aws.rds";
  open(target: Target, settings: Settings): { readonly client: NamedClient; readonly provider: CommitmentProvider };
  readonly operations: { readonly offerings: string; readonly reservations: string; readonly purchase: string };
  /** Two for a year, paid upfront, at the simulator's price. */
  readonly request: NamedRequest;
  /** What the line buys; `fixedPrice` is the simulator's. */
  readonly offering: Pick<ReservedNodesOffering, "fixedPrice" | "multiAz" | "nodeType" | "productDescription">;
  /** Its words on the wire. */
  readonly fields: { readonly list: string; readonly id: string; readonly count: string };
  /** What a listing states of the line's reservation, each with something else that it could state. */
  readonly stated: Readonly<Record<string, readonly [expected: string | number | boolean, other: string | number]>>;
  readonly codes: {
    readonly absent: string;
    readonly offeringAbsent: string;
    readonly taken: string;
    readonly quota: string;
  };
  /** The parameters of a listing of offerings, and of a purchase. */
  readonly wire: {
    readonly offerings: object;
    purchase(offeringId: string, name: string): object;
  };
}

const opened =
  <Client extends NamedClient>(
    Client: new (target: Target) => Client,
    adapter: (options: AwsProviderOptions<Client, AwsTiming>) => CommitmentProvider,
  ): NamedService["open"] =>
  (target, { region: _region, account: _account, ...settings }) => {
    const client = new Client(target);
    return { client, provider: adapter({ clientFor: () => client, ...settings }) };
  };

const line = { account: ACCOUNT, region: "us-east-1", quantity: 2, term: "1yr", payment: "all_upfront" } as const;
const YEAR = [31_536_000, 94_608_000] as const;
const UPFRONT = ["All Upfront", "No Upfront"] as const;
const QUERY_TAG = { Tag: [{ Key: TOKEN_TAG, Value: TOKEN }] };

const rds: NamedService = {
  name: "RDS",
  service: "aws.rds",
  open: opened(RDSClient, rdsReservedInstances),
  operations: {
    offerings: "DescribeReservedDBInstancesOfferings",
    reservations: "DescribeReservedDBInstances",
    purchase: "PurchaseReservedDBInstancesOffering",
  },
  request: {
    ...line,
    service: "aws.rds",
    dbInstanceClass: "db.r6g.large",
    engine: "mysql",
    multiAz: false,
    expectedPrice: { amount: "2230.7", currency: "USD" },
  },
  offering: { nodeType: "db.r6g.large", productDescription: "mysql", multiAz: false, fixedPrice: 1115.35 },
  fields: { list: "ReservedDBInstances", id: "ReservedDBInstanceId", count: "DBInstanceCount" },
  stated: {
    DBInstanceClass: ["db.r6g.large", "db.r6g.xlarge"],
    ProductDescription: ["mysql", "aurora-mysql"],
    MultiAZ: [false, "true"],
    Duration: YEAR,
    OfferingType: UPFRONT,
  },
  codes: {
    absent: "ReservedDBInstanceNotFound",
    offeringAbsent: "ReservedDBInstancesOfferingNotFound",
    taken: "ReservedDBInstanceAlreadyExists",
    quota: "ReservedDBInstanceQuotaExceeded",
  },
  wire: {
    offerings: {
      Action: "DescribeReservedDBInstancesOfferings",
      Version: "2014-10-31",
      DBInstanceClass: "db.r6g.large",
      Duration: "31536000",
      ProductDescription: "mysql",
      OfferingType: "All Upfront",
      MultiAZ: "false",
      MaxRecords: "100",
    },
    purchase: (offeringId, name) => ({
      Action: "PurchaseReservedDBInstancesOffering",
      Version: "2014-10-31",
      ReservedDBInstancesOfferingId: offeringId,
      ReservedDBInstanceId: name,
      DBInstanceCount: "2",
      Tags: QUERY_TAG,
    }),
  },
};

const elastiCache: NamedService = {
  name: "ElastiCache",
  service: "aws.elasticache",
  open: opened(ElastiCacheClient, elastiCacheReservedNodes),
  operations: {
    offerings: "DescribeReservedCacheNodesOfferings",
    reservations: "DescribeReservedCacheNodes",
    purchase: "PurchaseReservedCacheNodesOffering",
  },
  request: {
    ...line,
    service: "aws.elasticache",
    cacheNodeType: "cache.r6g.large",
    engine: "redis",
    expectedPrice: { amount: "2137.32", currency: "USD" },
  },
  offering: { nodeType: "cache.r6g.large", productDescription: "redis", fixedPrice: 1068.66 },
  fields: { list: "ReservedCacheNodes", id: "ReservedCacheNodeId", count: "CacheNodeCount" },
  stated: {
    CacheNodeType: ["cache.r6g.large", "cache.m6g.large"],
    ProductDescription: ["redis", "valkey"],
    Duration: YEAR,
    OfferingType: UPFRONT,
  },
  codes: {
    absent: "ReservedCacheNodeNotFound",
    offeringAbsent: "ReservedCacheNodesOfferingNotFound",
    taken: "ReservedCacheNodeAlreadyExists",
    quota: "ReservedCacheNodeQuotaExceeded",
  },
  wire: {
    offerings: {
      Action: "DescribeReservedCacheNodesOfferings",
      Version: "2015-02-02",
      CacheNodeType: "cache.r6g.large",
      Duration: "31536000",
      ProductDescription: "redis",
      OfferingType: "All Upfront",
      MaxRecords: "100",
    },
    purchase: (offeringId, name) => ({
      Action: "PurchaseReservedCacheNodesOffering",
      Version: "2015-02-02",
      ReservedCacheNodesOfferingId: offeringId,
      ReservedCacheNodeId: name,
      CacheNodeCount: "2",
      Tags: QUERY_TAG,
    }),
  },
};

const memoryDb: NamedService = {
  name: "MemoryDB",
  service: "aws.memorydb",
  open: opened(MemoryDBClient, memoryDbReservedNodes),
  operations: {
    offerings: "DescribeReservedNodesOfferings",
    reservations: "DescribeReservedNodes",
    purchase: "PurchaseReservedNodesOffering",
  },
  request: {
    ...line,
    service: "aws.memorydb",
    nodeType: "db.r6g.large",
    expectedPrice: { amount: "3205.98", currency: "USD" },
  },
  offering: { nodeType: "db.r6g.large", fixedPrice: 1602.99 },
  fields: { list: "ReservedNodes", id: "ReservationId", count: "NodeCount" },
  stated: { NodeType: ["db.r6g.large", "db.r6g.xlarge"], Duration: YEAR, OfferingType: UPFRONT },
  codes: {
    absent: "ReservedNodeNotFoundFault",
    offeringAbsent: "ReservedNodesOfferingNotFoundFault",
    taken: "ReservedNodeAlreadyExistsFault",
    quota: "ReservedNodeQuotaExceededFault",
  },
  wire: {
    offerings: { NodeType: "db.r6g.large", Duration: "31536000", OfferingType: "All Upfront", MaxResults: 100 },
    purchase: (offeringId, name) => ({
      ReservedNodesOfferingId: offeringId,
      ReservationId: name,
      NodeCount: 2,
      Tags: [{ Key: TOKEN_TAG, Value: TOKEN }],
    }),
  },
};

/** The services whose buyers name their reservations. */
export const NAMED_SERVICES: readonly NamedService[] = [rds, elastiCache, memoryDb];
