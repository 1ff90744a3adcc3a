import type { AwsClient } from "../../../../src/providers/aws/aws-client.js";
import type { ProviderFixture } from "../../../../src/testing/provider-contract.js";
import { type AwsServiceUnderTest, awsFixture } from "./aws-fixture.js";
import { CAPACITY_BLOCKS } from "./capacity-blocks.js";
import { DEDICATED_HOSTS } from "./dedicated-hosts.js";
import { EC2 } from "./ec2.js";
import { REDSHIFT_SERVERLESS } from "./redshift-serverless.js";
import { ELASTICACHE, MEMORYDB, OPENSEARCH, RDS, REDSHIFT } from "./reserved-nodes.js";
import { plansWith } from "./savings-plans.js";

/** One adapter of AWS with the cloud it buys from. */
export interface AwsFixture {
  readonly name: string;
  readonly cannot: AwsServiceUnderTest<AwsClient>["cannot"];
  /** How many cases are left out, by what the service has not. */
  readonly leavesOut: Readonly<Record<string, number>>;
  createProvider(): Promise<ProviderFixture>;
}

const fixture = <Client extends AwsClient>(
  name: string,
  service: AwsServiceUnderTest<Client>,
  leavesOut: AwsFixture["leavesOut"],
): AwsFixture => ({
  name,
  leavesOut: { ...leavesOut, pending: 4 },
  // In a state on the way, such as payment-pending, a commitment of AWS counts as bought.
  cannot: { ...service.cannot, pending: "AWS shows nothing that it may still refuse" },
  createProvider: () => awsFixture(service),
});

/** The cases that a service has not whose reservations end by their term, and which does not queue. */
const UNQUEUED = { ended: 3, queue: 5 } as const;

/** Every adapter of AWS. */
export const AWS_FIXTURES: readonly AwsFixture[] = [
  fixture("EC2 reserved instances", EC2, { ended: 3 }),
  fixture("Savings Plans", plansWith(), { lane: 10 }),
  fixture("Savings Plans whose tokens are known to be remembered for a day", plansWith({ windowMs: 86_400_000 }), {
    lane: 10,
  }),
  fixture("RDS reserved DB instances", RDS, { ...UNQUEUED, lane: 9 }),
  fixture("ElastiCache reserved cache nodes", ELASTICACHE, { ...UNQUEUED, lane: 9 }),
  fixture("MemoryDB reserved nodes", MEMORYDB, { ...UNQUEUED, lane: 9 }),
  fixture("OpenSearch reserved instances", OPENSEARCH, UNQUEUED),
  fixture("Redshift reserved nodes", REDSHIFT, { ...UNQUEUED, "carries-token": 1, "found-by-token": 7 }),
  fixture("Redshift Serverless reservations", REDSHIFT_SERVERLESS, { ...UNQUEUED, "found-by-token": 7, unsold: 1 }),
  fixture("EC2 Dedicated Host reservations", DEDICATED_HOSTS, { ...UNQUEUED, "buy-elsewhere": 4, lane: 9 }),
  fixture("EC2 Capacity Blocks", CAPACITY_BLOCKS, { queue: 5 }),
];
