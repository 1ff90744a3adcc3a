import * as ec2 from "@aws-sdk/client-ec2";
import * as openSearch from "@aws-sdk/client-opensearch";
import * as redshift from "@aws-sdk/client-redshift";
import * as serverless from "@aws-sdk/client-redshift-serverless";
import * as plans from "@aws-sdk/client-savingsplans";
import { describe, expect, test } from "vitest";
import { EC2_PLATFORMS } from "../../src/domain/commitment-request/aws-ec2.js";
import { ELASTICACHE_ENGINES } from "../../src/domain/commitment-request/aws-elasticache.js";
import { RDS_ENGINES } from "../../src/domain/commitment-request/aws-rds.js";
import type { CommitmentRequest } from "../../src/domain/commitment-request/commitment-request.js";
import type { BuyonceError } from "../../src/domain/errors.js";
import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine, memoryStore } from "../../src/index.js";
import { ADAPTERS } from "../providers/aws/every-adapter.js";
import { enumMembersOf } from "../simulator/models/sdk-model.js";
import { sdkOf } from "../simulator/models/watched-calls.js";
import { UNGUARDED } from "../support/unguarded.js";

/*
 * Every value that the installed SDKs know, and every one that AWS is known to sell beside them, passes `submit`. Which
 * of them are sold where is for AWS to say, so nothing here is bought. The SDKs of RDS, ElastiCache and MemoryDB name no
 * engines, classes or ways to pay.
 */

const usd = (amount: string) => ({ amount, currency: "USD" });
const common = { account: "111111111111", region: "eu-west-1", quantity: 1, term: "1yr", expectedPrice: usd("1051.2") };
const upfront = { ...common, payment: "all_upfront" };
const LINES = {
  "aws.ec2": {
    ...upfront,
    instanceType: "m5.large",
    platform: "Linux/UNIX",
    tenancy: "default",
    offeringClass: "standard",
    scope: "region",
  },
  "aws.ec2-capacity-blocks": {
    account: common.account,
    region: common.region,
    quantity: 1,
    payment: "all_upfront",
    expectedPrice: common.expectedPrice,
    instanceType: "p5.48xlarge",
    platform: "Linux/UNIX",
    availabilityZone: "eu-west-1a",
    startsAt: "2035-01-06T11:30:00Z",
    endsAt: "2035-01-07T11:30:00Z",
  },
  "aws.ec2-dedicated-hosts": { ...upfront, instanceFamily: "m5", hostIds: ["h-0123456789abcdef0"] },
  "aws.elasticache": { ...upfront, cacheNodeType: "cache.r6g.large", engine: "redis" },
  "aws.memorydb": { ...upfront, nodeType: "db.r6g.large" },
  "aws.opensearch": { ...upfront, instanceType: "m6g.large.search" },
  "aws.rds": { ...upfront, dbInstanceClass: "db.r6g.large", engine: "mysql", multiAz: false },
  "aws.redshift": { ...upfront, nodeType: "ra3.xlplus", nodeOfferingType: "Regular" },
  "aws.redshift-serverless": upfront,
  "aws.savings-plans": { ...upfront, region: "global", planType: "Compute", hourlyCommitment: "0.12" },
} as const;

type Service = keyof typeof LINES;

/** What a list of values is put into. */
type Values = readonly [what: string, service: Service, lines: readonly object[]];

const each = (name: string, values: readonly unknown[]) => values.map((value) => ({ [name]: value }));
const familiesOf = (types: readonly string[]) => [...new Set(types.map((type) => type.split(".")[0]))];

/** A zone of a region, a Local Zone and a Wavelength Zone. */
const ZONES = ["eu-west-1c", "eu-west-1-lhr-1a", "eu-west-1-wl1-man-wlz-1"];
const INSTANCE_TYPES = Object.values(ec2._InstanceType);
const planOf = (planType: string) =>
  planType === "EC2Instance" ? { planType, region: "eu-west-1", instanceFamily: "m5" } : { planType };

const SOLD: readonly Values[] = [
  ["platforms of the SDK", "aws.ec2", each("platform", Object.values(ec2.RIProductDescription))],
  ["platforms of instances", "aws.ec2", each("platform", Object.values(ec2.CapacityReservationInstancePlatform))],
  ["known platforms, in a VPC and without", "aws.ec2", each("platform", EC2_PLATFORMS)],
  ["instance types", "aws.ec2", each("instanceType", INSTANCE_TYPES)],
  ["offering classes", "aws.ec2", each("offeringClass", Object.values(ec2.OfferingClassType))],
  [
    "tenancies",
    "aws.ec2",
    each(
      "tenancy",
      Object.values(ec2.Tenancy).filter((tenancy) => tenancy !== "host"),
    ),
  ],
  ["ways to pay", "aws.ec2", Object.values(ec2.OfferingTypeValues).filter(isPaidUpfront).map(toPayment)],
  ["scopes", "aws.ec2", Object.values(ec2.Scope).map(toScope)],
  ["zones", "aws.ec2", ZONES.map((availabilityZone) => ({ scope: "availability_zone", availabilityZone }))],
  ["platforms", "aws.ec2-capacity-blocks", each("platform", Object.values(ec2.CapacityReservationInstancePlatform))],
  ["instance types", "aws.ec2-capacity-blocks", each("instanceType", INSTANCE_TYPES)],
  ["zones", "aws.ec2-capacity-blocks", each("availabilityZone", ZONES)],
  ["families", "aws.ec2-dedicated-hosts", each("instanceFamily", familiesOf(INSTANCE_TYPES))],
  ["ways to pay", "aws.ec2-dedicated-hosts", Object.values(ec2.PaymentOption).map(toPayment)],
  ["engines", "aws.elasticache", each("engine", [...ELASTICACHE_ENGINES, "valkey2"])],
  ["classes of nodes", "aws.elasticache", each("cacheNodeType", ["cache.r7gd.xlarge", "cache.c7gn.16xlarge"])],
  ["classes of nodes", "aws.memorydb", each("nodeType", ["db.r7g.16xlarge", "db.r6gd.xlarge", "db.t4g.small"])],
  ["instance types", "aws.opensearch", each("instanceType", Object.values(openSearch.OpenSearchPartitionInstanceType))],
  ["types of other forms", "aws.opensearch", each("instanceType", ["m8g.metal-24xl.search", "or3.large.fast.search"])],
  ["warm types", "aws.opensearch", each("instanceType", Object.values(openSearch.OpenSearchWarmPartitionInstanceType))],
  ["ways to pay", "aws.opensearch", Object.values(openSearch.ReservedInstancePaymentOption).map(toPayment)],
  ["engines, with and without a blank", "aws.rds", each("engine", RDS_ENGINES.flatMap(withAndWithoutBlank))],
  ["classes of more dots", "aws.rds", each("dbInstanceClass", ["db.r5.4xlarge.tpc2.mem2x", "db.z1d.xlarge.tpc2"])],
  ["kinds of nodes", "aws.redshift", each("nodeOfferingType", Object.values(redshift.ReservedNodeOfferingType))],
  ["types of nodes", "aws.redshift", each("nodeType", ["ra3.large", "ra3.16xlarge", "dc2.8xlarge"])],
  ["ways to pay", "aws.redshift-serverless", Object.values(serverless.OfferingType).map(toPayment)],
  ["plan types", "aws.savings-plans", Object.values(plans.SavingsPlanType).map(planOf)],
  ["ways to pay", "aws.savings-plans", Object.values(plans.SavingsPlanPaymentOption).map(toPlanPayment)],
  [
    "currencies",
    "aws.savings-plans",
    Object.values(plans.CurrencyCode).map((currency) => ({ expectedPrice: { amount: "1051.2", currency } })),
  ],
];

function withAndWithoutBlank(engine: string): readonly string[] {
  return [engine, engine.replace(" ", "")];
}

/** EC2's enum still has three kinds of utilization, which it has sold no offering of since 2014. */
function isPaidUpfront(offeringType: string): boolean {
  return !offeringType.endsWith("Utilization");
}

/** A way to pay as lines have it: AWS spells it "All Upfront", "AllUpfront" and "ALL_UPFRONT". */
function toPayment(option: string): object {
  const [, how] = /^(all|partial|no)[ _]?upfront$/i.exec(option) ?? [];
  return { payment: `${how?.toLowerCase()}_upfront` };
}

function toScope(scope: string): object {
  return scope === "Region" ? { scope: "region" } : { scope: "availability_zone", availabilityZone: "eu-west-1a" };
}

function toPlanPayment(option: string): object {
  return { ...toPayment(option), ...(option === "Partial Upfront" && { upfrontAmount: "600" }) };
}

const engineOfAll = () => {
  const cloud = { url: "http://127.0.0.1:1", credentialsFor: () => ({ accessKeyId: "none", secretAccessKey: "none" }) };
  const providers = ADAPTERS.map((adapter) => adapter.provider(cloud));
  return createPurchaseEngine({ ...UNGUARDED, store: memoryStore(), providers, logger: silentLogger });
};

describe("AWS sells, and submit takes", () => {
  test.each(SOLD)("%s of %s", async (_what, service, lines) => {
    const engine = engineOfAll();
    for (let at = 0; at < lines.length; at += 500) {
      const basket = lines.slice(at, at + 500).map((line) => ({ service, ...LINES[service], ...line }));
      const { status } = await engine.submit({
        requestKey: `${service}/${at}`,
        createdBy: "ann",
        lines: basket as readonly object[] as readonly CommitmentRequest[],
      });
      expect(status).toBe("pending");
    }
    expect(lines.length).toBeGreaterThan(0);
  });

  test("no Reserved Instances of tenancy host, and says where hosts are reserved", async () => {
    const line = { service: "aws.ec2", ...LINES["aws.ec2"], tenancy: "host" } as object as CommitmentRequest;
    const thrown: unknown = await engineOfAll()
      .submit({ requestKey: "host", createdBy: "ann", lines: [line] })
      .catch((error: unknown) => error);
    const problem = expect.stringMatching(/no Reserved Instances for hosts.*aws\.ec2-dedicated-hosts/);
    expect((thrown as BuyonceError).details["problems"]).toEqual([{ path: "lines[0].tenancy", problem }]);
  });
});

test.each([
  [
    "aws.ec2",
    "ReservedInstancesOffering",
    "CurrencyCode InstanceTenancy InstanceType OfferingClass OfferingType ProductDescription Scope",
  ],
  ["aws.ec2", "CapacityBlockOffering", "Tenancy"],
  ["aws.ec2", "PurchaseCapacityBlockRequest", "InstancePlatform"],
  ["aws.ec2", "HostOffering", "CurrencyCode PaymentOption"],
  ["aws.rds", "ReservedDBInstancesOffering", ""],
  ["aws.elasticache", "ReservedCacheNodesOffering", ""],
  ["aws.memorydb", "ReservedNodesOffering", ""],
  ["aws.opensearch", "ReservedInstanceOffering", "InstanceType PaymentOption"],
  ["aws.redshift", "ReservedNodeOffering", "ReservedNodeOfferingType"],
  ["aws.redshift-serverless", "ReservationOffering", "offeringType"],
  ["aws.savings-plans", "SavingsPlanOffering", "currency paymentOption planType productTypes"],
])("%s has no other enum of what it sells: %s (%s)", (service, structure, members) => {
  expect([...enumMembersOf(sdkOf(service), structure)].sort().join(" ")).toBe(members);
});
