import type { AwsClient } from "../../../../src/providers/aws/aws-client.js";
import type { ProviderFixture } from "../../../../src/testing/provider-contract.js";
import { type AwsServiceUnderTest, awsFixture } from "./aws-fixture.js";
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
  leavesOut: { ...leavesOut, pending: 2 },
  // In a state on the way, such as payment-pending, a commitment of AWS counts as bought.
  cannot: { ...service.cannot, pending: "AWS shows nothing that it may still refuse" },
  createProvider: () => awsFixture(service),
});

/** Every adapter of AWS. */
export const AWS_FIXTURES: readonly AwsFixture[] = [
  fixture("EC2 reserved instances", EC2, {}),
  fixture("Savings Plans", plansWith(), { lane: 5 }),
  fixture("Savings Plans whose tokens are known to be remembered for a day", plansWith({ windowMs: 86_400_000 }), {
    lane: 5,
  }),
  fixture("RDS reserved DB instances", RDS, { lane: 5, queue: 5 }),
  fixture("ElastiCache reserved cache nodes", ELASTICACHE, { lane: 5, queue: 5 }),
  fixture("MemoryDB reserved nodes", MEMORYDB, { lane: 5, queue: 5 }),
  fixture("OpenSearch reserved instances", OPENSEARCH, { queue: 5 }),
  fixture("Redshift reserved nodes", REDSHIFT, { "carries-token": 1, "found-by-token": 7, queue: 5 }),
  fixture("Redshift Serverless reservations", REDSHIFT_SERVERLESS, { "found-by-token": 7, queue: 5, unsold: 1 }),
  fixture("EC2 Dedicated Host reservations", DEDICATED_HOSTS, { "buy-elsewhere": 4, lane: 5, queue: 5 }),
];
