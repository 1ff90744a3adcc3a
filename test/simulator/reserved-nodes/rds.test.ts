import {
  DescribeReservedDBInstancesCommand,
  DescribeReservedDBInstancesOfferingsCommand,
  ListTagsForResourceCommand,
  PurchaseReservedDBInstancesOfferingCommand,
  RDSClient,
  ReservedDBInstanceAlreadyExistsFault,
  ReservedDBInstanceNotFoundFault,
  ReservedDBInstancesOfferingNotFoundFault,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { ACCOUNT, clientOf, ManualClock, simulatedAws } from "../simulated-aws.js";

const YEAR = 31_536_000;
const UNKNOWN_ID = "00000000-0000-4000-8000-000000000000";

describe("DescribeReservedDBInstancesOfferings", () => {
  it("shows what an offering costs", async () => {
    const rds = clientOf(RDSClient, await simulatedAws());
    const request = {
      DBInstanceClass: "db.r6g.large",
      ProductDescription: "postgresql",
      OfferingType: "Partial Upfront",
    };
    const { ReservedDBInstancesOfferings, Marker } = await rds.send(
      new DescribeReservedDBInstancesOfferingsCommand({ ...request, Duration: "3", MultiAZ: true }),
    );
    expect(Marker).toBeUndefined();
    expect(ReservedDBInstancesOfferings).toHaveLength(2);
    expect(ReservedDBInstancesOfferings?.at(-1)).toEqual({
      ReservedDBInstancesOfferingId: expect.stringMatching(/^[0-9a-f]{8}-/),
      DBInstanceClass: "db.r6g.large",
      Duration: 3 * YEAR,
      FixedPrice: 2449.02,
      UsagePrice: 0,
      CurrencyCode: "USD",
      ProductDescription: "postgresql",
      OfferingType: "Partial Upfront",
      MultiAZ: true,
      RecurringCharges: [{ RecurringChargeAmount: 0.09319, RecurringChargeFrequency: "Hourly" }],
    });
  });

  it("finds every engine whose name contains the one asked for", async () => {
    const found = async (ProductDescription: string) => {
      const request = {
        ProductDescription,
        DBInstanceClass: "db.r6g.large",
        MultiAZ: false,
        OfferingType: "No Upfront",
      };
      const rows = await offerings({ ...request, Duration: "1" });
      return rows.map((row) => row.ProductDescription);
    };
    expect(await found("mysql")).toEqual(["aurora-mysql", "mysql"]);
    expect(await found("postgresql")).toEqual(["aurora-postgresql", "postgresql"]);
    expect(await found("aurora-mysql")).toEqual(["aurora-mysql"]);
    expect(await found("oracle-se2(byol)")).toEqual([]);
  });

  it("takes a term in years or in seconds", async () => {
    expect(await offerings({ Duration: "1" })).toEqual(await offerings({ Duration: String(YEAR) }));
    const [first] = await offerings({ Duration: "3" });
    expect(first?.Duration).toBe(3 * YEAR);
    await expect(offerings({ Duration: "2" })).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });

  it("finds an offering by id and refuses an id that is not on sale", async () => {
    const [first] = await offerings({});
    const { ReservedDBInstancesOfferingId = "" } = first ?? {};
    expect(await offerings({ ReservedDBInstancesOfferingId })).toEqual([first]);
    const unknown = offerings({ ReservedDBInstancesOfferingId: UNKNOWN_ID });
    await expect(unknown).rejects.toBeInstanceOf(ReservedDBInstancesOfferingNotFoundFault);
    await expect(unknown).rejects.toMatchObject({
      Code: "ReservedDBInstancesOfferingNotFound",
      $metadata: { httpStatusCode: 404 },
    });
  });

  it.each([{ MaxRecords: 19 }, { MaxRecords: 101 }, { Marker: "never given out" }])(
    "answers InvalidParameterValue to %j",
    async (request) => {
      const rds = clientOf(RDSClient, await simulatedAws());
      const answer = rds.send(new DescribeReservedDBInstancesOfferingsCommand(request));
      await expect(answer).rejects.toMatchObject({ name: "InvalidParameterValue", $metadata: { httpStatusCode: 400 } });
    },
  );
});

describe("PurchaseReservedDBInstancesOffering", () => {
  it("buys, and answers what the listing shows", async () => {
    const clock = new ManualClock();
    const rds = clientOf(RDSClient, await simulatedAws({ clock }));
    const request = { ...(await anOffering(rds)), ReservedDBInstanceId: "Mine-1", DBInstanceCount: 3 };
    const { ReservedDBInstance } = await rds.send(new PurchaseReservedDBInstancesOfferingCommand(request));
    expect(ReservedDBInstance).toEqual({
      ReservedDBInstanceId: "mine-1",
      ReservedDBInstancesOfferingId: request.ReservedDBInstancesOfferingId,
      DBInstanceClass: "db.r6g.large",
      StartTime: new Date(clock.now()),
      Duration: YEAR,
      FixedPrice: 1115.35,
      UsagePrice: 0,
      CurrencyCode: "USD",
      DBInstanceCount: 3,
      ProductDescription: "mysql",
      OfferingType: "All Upfront",
      MultiAZ: false,
      State: "active",
      RecurringCharges: [{ RecurringChargeAmount: 0, RecurringChargeFrequency: "Hourly" }],
      ReservedDBInstanceArn: `arn:aws:rds:us-east-1:${ACCOUNT}:ri:mine-1`,
      LeaseId: expect.any(String),
    });
    expect(await listed(rds)).toEqual([ReservedDBInstance]);
  });

  it("refuses an id that was used before, in the words of the SDK", async () => {
    const rds = clientOf(RDSClient, await simulatedAws());
    const request = { ...(await anOffering(rds)), ReservedDBInstanceId: "mine" };
    await rds.send(new PurchaseReservedDBInstancesOfferingCommand(request));
    const again = rds.send(
      new PurchaseReservedDBInstancesOfferingCommand({ ...request, ReservedDBInstanceId: "MINE" }),
    );
    await expect(again).rejects.toBeInstanceOf(ReservedDBInstanceAlreadyExistsFault);
    await expect(again).rejects.toMatchObject({
      name: "ReservedDBInstanceAlreadyExistsFault",
      Code: "ReservedDBInstanceAlreadyExists",
      $metadata: { httpStatusCode: 404 },
    });
  });

  it.each([
    ["MissingParameter", { ReservedDBInstancesOfferingId: undefined }],
    ["ReservedDBInstancesOfferingNotFoundFault", { ReservedDBInstancesOfferingId: UNKNOWN_ID }],
    ["InvalidParameterValue", { DBInstanceCount: 0 }],
    ["InvalidParameterValue", { ReservedDBInstanceId: "1-starts-with-a-digit" }],
    ["InvalidParameterValue", { ReservedDBInstanceId: "ends-with-a-hyphen-" }],
    ["InvalidParameterValue", { ReservedDBInstanceId: "two--hyphens" }],
    ["InvalidParameterValue", { ReservedDBInstanceId: "a".repeat(64) }],
    ["InvalidParameterValue", { Tags: [{ Key: "rds:k", Value: "v" }] }],
    ["InvalidParameterValue", { Tags: [{ Key: "k", Value: "a,b" }] }],
  ])("answers %s to %j and buys nothing", async (name, more) => {
    const simulator = await simulatedAws();
    const rds = clientOf(RDSClient, simulator);
    const request = { ...(await anOffering(rds)), ReservedDBInstanceId: "mine", ...more };
    await expect(rds.send(new PurchaseReservedDBInstancesOfferingCommand(request))).rejects.toMatchObject({ name });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });
});

describe("DescribeReservedDBInstances", () => {
  it("finds a reservation by id in any case, by offering, attributes and lease", async () => {
    const rds = clientOf(RDSClient, await simulatedAws());
    const mysql = await anOffering(rds);
    for (const [offering, ReservedDBInstanceId] of [
      [mysql, "one"],
      [await anOffering(rds, { ProductDescription: "aurora-mysql" }), "two"],
    ] as const) {
      await rds.send(new PurchaseReservedDBInstancesOfferingCommand({ ...offering, ReservedDBInstanceId }));
    }
    const ids = async (request: DescribeReservedDBInstancesCommand["input"]) =>
      (await listed(rds, request)).map((row) => row.ReservedDBInstanceId);
    const [first] = await listed(rds);
    expect(await ids({ ReservedDBInstanceId: "ONE" })).toEqual(["one"]);
    expect(await ids({ ...mysql })).toEqual(["one"]);
    expect(await ids({ ProductDescription: "aurora-mysql" })).toEqual(["two"]);
    expect(await ids({ ProductDescription: "mysql" })).toEqual(["one"]);
    expect(await ids({ LeaseId: first?.LeaseId })).toEqual(["one"]);
    expect(await ids({ DBInstanceClass: "db.r6g.large", Duration: "1", OfferingType: "All Upfront" })).toHaveLength(2);
    expect(await ids({ MultiAZ: true })).toEqual([]);
  });

  it("refuses an id it does not have, in the words of the SDK", async () => {
    const absent = listed(clientOf(RDSClient, await simulatedAws()), { ReservedDBInstanceId: "absent" });
    await expect(absent).rejects.toBeInstanceOf(ReservedDBInstanceNotFoundFault);
    await expect(absent).rejects.toMatchObject({
      Code: "ReservedDBInstanceNotFound",
      $metadata: { httpStatusCode: 404 },
    });
  });
});

describe("ListTagsForResource", () => {
  it("lists the tags a reservation was bought with", async () => {
    const rds = clientOf(RDSClient, await simulatedAws());
    const Tags = [
      { Key: "buyonce:token", Value: "abc" },
      { Key: "empty", Value: "" },
    ];
    const request = { ...(await anOffering(rds)), Tags };
    const { ReservedDBInstance } = await rds.send(new PurchaseReservedDBInstancesOfferingCommand(request));
    const ResourceName = ReservedDBInstance?.ReservedDBInstanceArn;
    const { TagList } = await rds.send(new ListTagsForResourceCommand({ ResourceName }));
    expect(TagList).toEqual(Tags);
    const other = new ListTagsForResourceCommand({ ResourceName: `${ResourceName}x` });
    await expect(rds.send(other)).rejects.toMatchObject({ name: "ReservedDBInstanceNotFoundFault" });
    const foreign = new ListTagsForResourceCommand({ ResourceName: "arn:aws:rds:us-east-1:111122223333:db:x" });
    await expect(rds.send(foreign)).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });

  it("lists none where none were sent", async () => {
    const rds = clientOf(RDSClient, await simulatedAws());
    const request = { ...(await anOffering(rds)), Tags: [] };
    const { ReservedDBInstance } = await rds.send(new PurchaseReservedDBInstancesOfferingCommand(request));
    const ResourceName = ReservedDBInstance?.ReservedDBInstanceArn;
    const { TagList } = await rds.send(new ListTagsForResourceCommand({ ResourceName }));
    expect(TagList).toEqual([]);
  });
});

async function offerings(request: DescribeReservedDBInstancesOfferingsCommand["input"]) {
  const rds = clientOf(RDSClient, await simulatedAws());
  const { ReservedDBInstancesOfferings = [] } = await rds.send(
    new DescribeReservedDBInstancesOfferingsCommand(request),
  );
  return ReservedDBInstancesOfferings;
}

/** A one-year, All Upfront db.r6g.large in one zone. */
async function anOffering(rds: RDSClient, { ProductDescription }: { ProductDescription?: string } = {}) {
  const wanted = ProductDescription ?? "mysql";
  const { ReservedDBInstancesOfferings = [] } = await rds.send(
    new DescribeReservedDBInstancesOfferingsCommand({
      DBInstanceClass: "db.r6g.large",
      ProductDescription: wanted,
      MultiAZ: false,
      OfferingType: "All Upfront",
      Duration: "1",
    }),
  );
  const found = ReservedDBInstancesOfferings.find((row) => row.ProductDescription === wanted);
  return { ReservedDBInstancesOfferingId: String(found?.ReservedDBInstancesOfferingId) };
}

async function listed(rds: RDSClient, request: DescribeReservedDBInstancesCommand["input"] = {}) {
  const { ReservedDBInstances = [] } = await rds.send(new DescribeReservedDBInstancesCommand(request));
  return ReservedDBInstances;
}
