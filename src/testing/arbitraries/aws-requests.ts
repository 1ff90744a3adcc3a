import type { AwsCapacityBlocksRequest } from "../../domain/commitment-request/aws-capacity-blocks.js";
import type { AwsDedicatedHostsRequest } from "../../domain/commitment-request/aws-dedicated-hosts.js";
import type { AwsEc2Request } from "../../domain/commitment-request/aws-ec2.js";
import { ELASTICACHE_ENGINES } from "../../domain/commitment-request/aws-elasticache.js";
import { REDSHIFT_OFFERING_TYPES } from "../../domain/commitment-request/aws-redshift.js";
import type { AwsSavingsPlansRequest } from "../../domain/commitment-request/aws-savings-plans.js";
import type { Arbitrary, FastCheck } from "../fast-check.js";
import { commonFields, hourlySizeArbitrary, merged, toleranceArbitrary } from "./common-fields.js";

const REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-2", "us-gov-west-1", "cn-north-1", "me-central-1"] as const;
const PLATFORMS = [
  "Linux/UNIX",
  "Linux/UNIX (Amazon VPC)",
  "Red Hat Enterprise Linux with HA",
  "Linux with SQL Server Standard",
  "RHEL with HA and SQL Server Enterprise (Amazon VPC)",
  "Windows with SQL Server Web (Amazon VPC)",
] as const;

/** Requests of every AWS service that is built in, by service. */
export const awsRequests = (fc: FastCheck) => ({
  "aws.ec2": ec2(fc),
  "aws.ec2-capacity-blocks": capacityBlocks(fc),
  "aws.ec2-dedicated-hosts": dedicatedHosts(fc),
  "aws.elasticache": regional(fc, "aws.elasticache", {
    cacheNodeType: sized(fc, "cache."),
    engine: fc.constantFrom(...ELASTICACHE_ENGINES),
  }),
  "aws.memorydb": regional(fc, "aws.memorydb", { nodeType: sized(fc, "db.") }),
  "aws.opensearch": regional(fc, "aws.opensearch", { instanceType: sized(fc, "", ".search") }),
  "aws.rds": regional(fc, "aws.rds", {
    dbInstanceClass: fc.oneof(sized(fc, "db."), fc.constant("db.r5.4xlarge.tpc2.mem2x")),
    engine: fc.constantFrom("mysql", "aurora-postgresql", "oracle-se2(byol)", "sqlserver-ee (li)"),
    multiAz: fc.boolean(),
  }),
  "aws.redshift": regional(fc, "aws.redshift", {
    nodeType: fc.constantFrom("ra3.xlplus", "ra3.16xlarge", "dc2.large"),
    nodeOfferingType: fc.constantFrom(...REDSHIFT_OFFERING_TYPES),
  }),
  "aws.redshift-serverless": regional(fc, "aws.redshift-serverless", {
    term: fc.constant("1yr" as const),
    payment: fc.constantFrom("all_upfront" as const, "no_upfront" as const),
  }),
  "aws.savings-plans": savingsPlans(fc),
});

const account = (fc: FastCheck) =>
  fc.integer({ min: 0, max: 999_999_999_999 }).map((number) => String(number).padStart(12, "0"));

/** Requests of one regional service with fields of its own. */
const regional = <Service extends string, Own extends object>(
  fc: FastCheck,
  service: Service,
  own: { readonly [Key in keyof Own]: Arbitrary<Own[Key]> },
) => {
  const shared = fc.record({ account: account(fc), region: fc.constantFrom(...REGIONS), ...commonFields(fc) });
  const fields = merged(fc, shared, fc.record(own));
  return merged(fc, fields, toleranceArbitrary(fc)).map((request) => ({ ...request, service }));
};

const sized = (fc: FastCheck, prefix = "", suffix = "") =>
  fc
    .tuple(fc.constantFrom("m5", "r6gd", "u-6tb1"), fc.constantFrom("large", "16xlarge"))
    .map(([family, size]) => `${prefix}${family}.${size}${suffix}`);

/** How long a purchase is queued: one hour to three years. */
const hold = (fc: FastCheck): Arbitrary<{ readonly holdMs?: number }> =>
  fc.record({ holdMs: fc.integer({ min: 3_600_000, max: 94_608_000_000 }) }, { requiredKeys: [] });

function ec2(fc: FastCheck): Arbitrary<AwsEc2Request> {
  const requests = regional(fc, "aws.ec2", {
    instanceType: sized(fc),
    platform: fc.constantFrom(...PLATFORMS),
    tenancy: fc.constantFrom("default" as const, "dedicated" as const),
    offeringClass: fc.constantFrom("standard" as const, "convertible" as const),
  });
  const regionWide = merged(fc, requests, hold(fc)).map((request) => ({ ...request, scope: "region" as const }));
  const zonal = fc.tuple(requests, fc.constantFrom("a", "b", "f")).map(([request, zone]) => ({
    ...request,
    scope: "availability_zone" as const,
    availabilityZone: `${request.region}${zone}`,
  }));
  return fc.oneof(regionWide, zonal);
}

const DAY_MS = 86_400_000;

/** Blocks of whole days, which start at half past eleven in the years from 2030 to 2035. */
function capacityBlocks(fc: FastCheck): Arbitrary<AwsCapacityBlocksRequest> {
  const { quantity, expectedPrice } = commonFields(fc);
  const shared = fc.record({ account: account(fc), region: fc.constantFrom(...REGIONS), quantity, expectedPrice });
  const own = fc.record({
    instanceType: sized(fc),
    platform: fc.constantFrom("Linux/UNIX", "Red Hat Enterprise Linux", "RHEL with HA and SQL Server Standard"),
    zone: fc.constantFrom("a", "b", "-lax-1a"),
    startDay: fc.integer({ min: 0, max: 2_000 }),
    days: fc.integer({ min: 1, max: 182 }),
  });
  const blocks = merged(fc, merged(fc, shared, own), toleranceArbitrary(fc));
  return blocks.map(({ zone, startDay, days, ...block }) => ({
    service: "aws.ec2-capacity-blocks",
    payment: "all_upfront",
    ...block,
    availabilityZone: `${block.region}${zone}`,
    startsAt: dayOf(startDay),
    endsAt: dayOf(startDay + days),
  }));
}

const dayOf = (day: number): string => new Date(Date.UTC(2030, 0, 1, 11, 30) + day * DAY_MS).toISOString();

function dedicatedHosts(fc: FastCheck): Arbitrary<AwsDedicatedHostsRequest> {
  const hostIds = fc.uniqueArray(fc.stringMatching(/^h-[0-9a-f]{17}$/), { minLength: 1, maxLength: 5 });
  return regional(fc, "aws.ec2-dedicated-hosts", { instanceFamily: fc.constantFrom("m5", "c6gd"), hostIds }).map(
    (request) => ({ ...request, quantity: request.hostIds.length }),
  );
}

function savingsPlans(fc: FastCheck): Arbitrary<AwsSavingsPlansRequest> {
  const kinds = fc.oneof(
    fc.record({
      planType: fc.constantFrom("Compute" as const, "SageMaker" as const, "Database" as const),
      region: fc.constant("global"),
    }),
    fc.record({
      planType: fc.constant("EC2Instance" as const),
      region: fc.constantFrom(...REGIONS),
      instanceFamily: fc.constantFrom("m5", "c7g", "u-6tb1"),
    }),
  );
  const plans = merged(fc, merged(fc, fc.record({ account: account(fc) }), hold(fc)), kinds);
  const sizes = merged(fc, hourlySizeArbitrary(fc), toleranceArbitrary(fc));
  return fc.tuple(plans, sizes, payments(fc)).map(([plan, size, payment]) => ({
    service: "aws.savings-plans",
    quantity: 1,
    ...plan,
    ...size,
    ...(payment.percent === undefined
      ? { payment: payment.payment }
      : { payment: payment.payment, upfrontAmount: wholePart(size.expectedPrice.amount, payment.percent) }),
  }));
}

/** Ways to pay. A partial upfront payment has its percentage of the whole: AWS takes 50 to 99 percent. */
const payments = (
  fc: FastCheck,
): Arbitrary<{ readonly payment: AwsSavingsPlansRequest["payment"]; readonly percent?: number }> =>
  fc.oneof(
    fc.record({ payment: fc.constantFrom("no_upfront" as const, "all_upfront" as const) }),
    fc.record({ payment: fc.constant("partial_upfront" as const), percent: fc.integer({ min: 50, max: 99 }) }),
  );

/** A percentage of a total, rounded to a whole amount that lies between 50 and 99 percent of the total. */
function wholePart(total: string, percent: number): string {
  const share = Math.round((Number(total) * percent) / 100);
  return String(Math.min(Math.max(share, Math.ceil(Number(total) * 0.5)), Math.floor(Number(total) * 0.99)));
}
