import type { RDSInstanceDetails, ReservationPurchaseRecommendationDetail } from "@aws-sdk/client-cost-explorer";
import { describe, expect, test } from "vitest";
import { rdsProduct } from "../../../../src/providers/aws/recommendations/rds-product.js";
import { regionCode } from "../../../../src/providers/aws/recommendations/region-code.js";
import { statedDecimal, statedTime } from "../../../../src/providers/aws/recommendations/reported-amounts.js";
import {
  type ReservationQuestion,
  reservationReport,
} from "../../../../src/providers/aws/recommendations/reservation-report.js";

const ACCOUNT = "111122223333";

type Details = ReservationPurchaseRecommendationDetail;

const report = (
  service: ReservationQuestion["service"],
  InstanceDetails: NonNullable<Details["InstanceDetails"]>,
  more: Partial<Details> = {},
  redshiftOfferingType?: string,
) =>
  reservationReport(
    {
      detail: {
        AccountId: ACCOUNT,
        InstanceDetails,
        RecommendedNumberOfInstancesToPurchase: "2",
        CurrencyCode: "USD",
        UpfrontCost: "0",
        RecurringStandardMonthlyCost: "100.5",
        ...more,
      },
      recommendation: {},
      metadata: { GenerationTimestamp: "2018-08-08T15:20:57Z" },
    },
    {
      account: "999988887777",
      service,
      combination: { term: "3yr", payment: "no_upfront", lookbackDays: 7, accountScope: "payer" },
      settings: { offeringClass: "convertible", redshiftOfferingType },
    },
  );

const EC2 = {
  InstanceType: "m5.large",
  Region: "EU (Ireland)",
  Platform: "Linux/UNIX",
  Tenancy: "Shared",
  AvailabilityZone: "",
};
const ec2 = (more: object = {}, detail: Partial<Details> = {}) =>
  report("aws.ec2", { EC2InstanceDetails: { ...EC2, ...more } }, detail);

describe("a detail of Cost Explorer", () => {
  test("becomes a line of the account that it names, in a region that is named or coded", () => {
    expect(ec2()).toMatchObject({
      account: ACCOUNT,
      region: "eu-west-1",
      lookbackDays: 7,
      variant: "payer convertible",
      generatedAt: Date.UTC(2018, 7, 8, 15, 20, 57),
      offer: {
        kind: "line",
        line: {
          service: "aws.ec2",
          account: ACCOUNT,
          region: "eu-west-1",
          quantity: 2,
          tenancy: "default",
          offeringClass: "convertible",
          scope: "region",
          expectedPrice: { amount: "3618", currency: "USD" },
        },
        unitPrices: [{ term: "3yr", payment: "no_upfront", price: { amount: "1809", currency: "USD" } }],
      },
    });
    const zone = "eu-west-1b";
    expect(ec2({ Region: "eu-west-1", Tenancy: "dedicated", AvailabilityZone: zone })).toMatchObject({
      subject: { tenancy: "dedicated", availabilityZone: zone },
      offer: { line: { scope: "availability_zone", availabilityZone: zone, tenancy: "dedicated" } },
    });
  });

  test.each<[string, object, Partial<Details>]>([
    ["which region", { Region: "Moon (Tranquility)" }, {}],
    ["which region", { Region: undefined }, {}],
    ["which product description", { Platform: "Linux" }, {}],
    ['tenancy "host"', { Tenancy: "host" }, {}],
    ['tenancy ""', { Tenancy: undefined }, {}],
    ["must be a zone of region", { AvailabilityZone: "us-east-1a" }, {}],
    ["must be an instance type", { InstanceType: undefined }, {}],
    ["no whole number", {}, { RecommendedNumberOfInstancesToPurchase: "2.5" }],
    ["no whole number", {}, { RecommendedNumberOfInstancesToPurchase: "0" }],
    ["which account", {}, { AccountId: "my account" }],
  ])("cannot be bought, and says that (%s): %o %o", (reason, more, detail) => {
    expect(ec2(more, detail).offer).toEqual({
      kind: "not_purchasable",
      reason: expect.stringContaining(reason),
    });
  });

  test("is a line of each service", () => {
    const Region = "us-east-1";
    const line = (fields: object) => ({ offer: { kind: "line", line: fields } });
    const search = { Region, InstanceClass: "r6g", InstanceSize: "large.search" };
    expect(report("aws.opensearch", { ESInstanceDetails: search })).toMatchObject(
      line({ instanceType: "r6g.large.search" }),
    );
    expect(
      report("aws.opensearch", { ESInstanceDetails: { ...search, InstanceSize: "r6g.large.search" } }),
    ).toMatchObject(line({ instanceType: "r6g.large.search" }));
    expect(report("aws.opensearch", { ESInstanceDetails: { ...search, InstanceSize: "large" } }).offer.kind).toBe(
      "not_purchasable",
    );
    const cache = { Region, NodeType: "cache.r6g.large", ProductDescription: "Redis" };
    expect(report("aws.elasticache", { ElastiCacheInstanceDetails: cache })).toMatchObject(line({ engine: "redis" }));
    expect(
      report("aws.elasticache", { ElastiCacheInstanceDetails: { ...cache, ProductDescription: "Dragon" } }).offer.kind,
    ).toBe("not_purchasable");
    const memory = { Region, NodeType: "db.r6g.large" };
    expect(report("aws.memorydb", { MemoryDBInstanceDetails: memory })).toMatchObject(line(memoryLine));
    const redshift = { RedshiftInstanceDetails: { Region, NodeType: "ra3.xlplus" } };
    expect(report("aws.redshift", redshift).offer).toMatchObject({
      kind: "not_purchasable",
      reason: expect.stringContaining("redshiftOfferingType"),
    });
    expect(report("aws.redshift", redshift, {}, "Upgradable")).toMatchObject(line({ nodeOfferingType: "Upgradable" }));
  });

  const memoryLine = { service: "aws.memorydb", nodeType: "db.r6g.large", quantity: 2 };

  test("keeps no figure that Cost Explorer does not state as an amount", () => {
    const { figures, generatedAt } = ec2(
      {},
      {
        EstimatedMonthlySavingsAmount: "-3.5",
        EstimatedMonthlySavingsPercentage: "NaN",
        EstimatedMonthlyOnDemandCost: "1.23E2",
        EstimatedBreakEvenInMonths: "",
        UpfrontCost: "0.12345678901234",
      },
    );
    expect(figures).toEqual({
      upfront: { amount: "0.123456789012", currency: "USD" },
      recurringMonthly: { amount: "100.5", currency: "USD" },
      onDemandMonthly: { amount: "123", currency: "USD" },
    });
    expect(generatedAt).not.toBeNull();
    expect(ec2({}, { CurrencyCode: undefined }).figures).toEqual({});
  });
});

test.each<[string, string | undefined]>([
  ["US East (N. Virginia)", "us-east-1"],
  ["Europe (Frankfurt)", "eu-central-1"],
  ["EU (Frankfurt)", "eu-central-1"],
  ["AWS GovCloud (US-West)", "us-gov-west-1"],
  ["xx-central-9", "xx-central-9"],
  ["us east (n. virginia)", undefined],
  ["toString", undefined],
  ["", undefined],
])('region "%s" is %s', (stated, code) => {
  expect(regionCode(stated)).toBe(code);
});

const NONE = "No license required";
const BYOL = "Bring your own license";
const INCLUDED = "License included";
test.each<[string, string | undefined, string | undefined, string]>([
  ["Aurora MySQL", "", NONE, "aurora-mysql"],
  ["Aurora PostgreSQL", undefined, undefined, "aurora-postgresql"],
  ["aurora-postgresql", undefined, undefined, "aurora-postgresql"],
  ["MySQL", "", NONE, "mysql"],
  ["PostgreSQL", "", NONE, "postgresql"],
  ["MariaDB", "", NONE, "mariadb"],
  ["Oracle", "Enterprise", BYOL, "oracle-ee (byol)"],
  ["Oracle", "Standard Two", BYOL, "oracle-se2 (byol)"],
  ["Oracle", "Standard Two", INCLUDED, "oracle-se2 (li)"],
  ["SQL Server", "Enterprise", INCLUDED, "sqlserver-ee (li)"],
  ["SQL Server", "Standard", INCLUDED, "sqlserver-se (li)"],
  ["SQL Server", "Web", INCLUDED, "sqlserver-web (li)"],
  ["SQL Server", "Express", INCLUDED, "sqlserver-ex (li)"],
  ["Db2", "Standard", BYOL, "db2-se (byol)"],
  ["Db2", "Advanced", BYOL, "db2-ae (byol)"],
])("%s, edition %s, license %s is the product %s of RDS", (DatabaseEngine, DatabaseEdition, LicenseModel, engine) => {
  const details = { DatabaseEngine, DatabaseEdition, LicenseModel } as RDSInstanceDetails;
  expect(rdsProduct({ ...details, DeploymentOption: "Single-AZ" })).toEqual({ engine, multiAz: false });
  expect(rdsProduct({ ...details, DeploymentOption: "Multi-AZ" })).toEqual({ engine, multiAz: true });
});

test.each<RDSInstanceDetails>([
  { DatabaseEngine: "Oracle", DatabaseEdition: "Enterprise", LicenseModel: INCLUDED },
  { DatabaseEngine: "Oracle", DatabaseEdition: "Standard One", LicenseModel: BYOL },
  { DatabaseEngine: "Oracle", LicenseModel: BYOL },
  { DatabaseEngine: "Oracle", DatabaseEdition: "Enterprise" },
  { DatabaseEngine: "SQL Server", DatabaseEdition: "Standard", LicenseModel: BYOL },
  { DatabaseEngine: "SQL Server", DatabaseEdition: "Standard", LicenseModel: "NA" },
  { DatabaseEngine: "MySQL", DatabaseEdition: "Enterprise", LicenseModel: NONE },
  { DatabaseEngine: "MySQL", LicenseModel: BYOL },
  { DatabaseEngine: "MySQL", DeploymentModel: "Custom" },
  { DatabaseEngine: "MySQL", DeploymentOption: "Multi-AZ (readable standbys)" },
  { DatabaseEngine: "MySQL", DeploymentOption: "Multi-AZ (SQL Server Mirror)" },
  { DatabaseEngine: "MySQL", DeploymentOption: "" },
  { DatabaseEngine: "Any" },
  { DatabaseEngine: "Amazon Aurora" },
  { DatabaseEngine: "Aurora" },
  {},
])("%o is no product of RDS that is known", (details) => {
  expect(rdsProduct({ DeploymentOption: "Single-AZ", ...details })).toEqual(expect.any(String));
});

test("the mirror of SQL Server is its standby in another zone", () => {
  const details = { DatabaseEngine: "SQL Server", DatabaseEdition: "Web", LicenseModel: INCLUDED };
  expect(rdsProduct({ ...details, DeploymentOption: "Multi-AZ (SQL Server Mirror)" })).toEqual({
    engine: "sqlserver-web (li)",
    multiAz: true,
  });
});

test("amounts and times are what they say, or unknown", () => {
  expect(["1.50", "007", "1e-3", "1E400", "Infinity", "", " 1"].map(statedDecimal)).toEqual([
    ...["1.5", "7", "0.001"],
    ...[undefined, undefined, undefined, undefined],
  ]);
  expect(["2018-08-08T15:20:57.123Z", "2018-08-08T15:20:57", "yesterday", undefined].map(statedTime)).toEqual([
    Date.UTC(2018, 7, 8, 15, 20, 57, 123),
    ...[undefined, undefined, undefined],
  ]);
});
