import { describe, expect, test } from "vitest";
import type { AwsRdsRequest } from "../../../src/domain/commitment-request/aws-rds.js";
import { ec2ReservedInstances } from "../../../src/providers/aws/services/ec2-reserved-instances.js";
import { savingsPlans } from "../../../src/providers/aws/services/savings-plans.js";
import { changeAnswers } from "./changed-answers.js";
import { bought, cloudWith, offeringLike, restate, sellingOnly } from "./named-cloud.js";
import { NAMED_SERVICES, type NamedRequest } from "./named-services.js";
import {
  context,
  ec2Client,
  ec2Request,
  permitFor,
  planRequest,
  plansClient,
  simulated,
  TOKEN,
} from "./simulated-line.js";

const [rds, elastiCache] = NAMED_SERVICES;
if (rds === undefined || elastiCache === undefined) throw new Error("services are missing");

/** A line of the simulated RDS, whose price is not of interest. */
async function rdsLine(cloud: Awaited<ReturnType<typeof cloudWith>>, more: Partial<AwsRdsRequest>) {
  const wanted = { ...rds?.request, ...more } as AwsRdsRequest;
  const offerings = await cloud.simulator.offerings.list("aws.rds", "us-east-1");
  const plain = (engine = "") => engine.replaceAll(" ", "");
  const sold = offerings.find(
    (row) =>
      row.nodeType === wanted.dbInstanceClass &&
      plain(row.productDescription) === plain(wanted.engine) &&
      row.multiAz === wanted.multiAz &&
      row.durationSeconds === 31_536_000 &&
      row.offeringType === "All Upfront",
  );
  const amount = String((sold?.fixedPrice ?? 1) * wanted.quantity);
  return { request: { ...wanted, expectedPrice: { amount, currency: "USD" } } as NamedRequest, sold };
}

describe("the license of an engine of RDS", () => {
  test.each([
    ["oracle-se2 (byol)", "oracle-se2"],
    ["oracle-se2(byol)", "oracle-se2"],
    ["oracle-ee(byol)", "oracle-ee"],
    ["oracle-ee (byol)", "oracle-ee"],
    ["sqlserver-ee (li)", "sqlserver-ee"],
  ])("%s is asked for as %s, and found however RDS spells it", async (engine, asked) => {
    const cloud = await cloudWith(rds);
    const { request, sold } = await rdsLine(cloud, { engine });
    await bought(cloud, { request });
    expect((await cloud.purchases())[0]?.offeringId).toBe(sold?.offeringId);
    const [sent] = await cloud.asked("offerings");
    expect(sent?.params).toMatchObject({ ProductDescription: asked });
    expect(await cloud.lookup({ request })).toMatchObject({ differences: [] });
  });

  test("tells offerings apart", async () => {
    const cloud = await cloudWith(rds);
    const { request } = await rdsLine(cloud, { engine: "oracle-ee (li)" });
    await expect(cloud.prepare({ request })).rejects.toMatchObject({ code: "OFFERING_NOT_FOUND" });
  });

  test("decides by its spelling only where two offerings differ in nothing else", async () => {
    const first = offeringLike(rds, { productDescription: "oracle-ee(byol)" });
    const second = {
      ...first,
      offeringId: "00000000-0000-4000-8000-000000000002",
      productDescription: "oracle-ee (byol)",
    };
    const cloud = await cloudWith(rds, { offerings: { replace: true, reservedNodes: [first, second] } });
    const { request } = await rdsLine(cloud, { engine: "oracle-ee (byol)" });
    expect((await cloud.prepare({ request })).reference).toBe(second.offeringId);
  });
});

describe("a cluster of Aurora", () => {
  const engine = "aurora-mysql";

  test.each([true, false])("is found whatever RDS lists as MultiAZ (%s)", async (listed) => {
    const cloud = await cloudWith(rds);
    const { request } = await rdsLine(cloud, { engine });
    await bought(cloud, { request });
    restate(cloud.client, rds.operations.reservations, { MultiAZ: String(listed) });
    expect(await cloud.lookup({ request })).toMatchObject({ differences: [] });
  });

  test.each([true, false])(
    "is bought by the offering with the line's multiAz (%s) where both are sold",
    async (multiAz) => {
      const cloud = await cloudWith(rds);
      const { request, sold } = await rdsLine(cloud, { engine, multiAz });
      expect((await cloud.prepare({ request })).reference).toBe(sold?.offeringId);
    },
  );

  test("is bought by the offering that there is", async () => {
    const only = offeringLike(rds, { productDescription: engine, multiAz: true });
    const cloud = await cloudWith(rds, sellingOnly(only));
    const request = { ...rds.request, engine } as NamedRequest;
    expect((await cloud.prepare({ request })).reference).toBe(only.offeringId);
  });

  test("leaves MultiAZ an attribute of every other engine", async () => {
    const cloud = await cloudWith(rds);
    await bought(cloud);
    restate(cloud.client, rds.operations.reservations, { MultiAZ: "true" });
    expect(await cloud.lookup()).toMatchObject({ differences: ["MultiAZ: expected false, found true"] });
  });
});

describe("a value that AWS judges", () => {
  test.each([
    [rds, { engine: "postgresq" }, '"postgresq" is not known; did you mean "postgresql"?'],
    [rds, { engine: "cobol" }, '"cobol" is not known.'],
    [elastiCache, { engine: "valky" }, '"valky" is not known; did you mean "valkey"?'],
  ])("of $name names what was probably meant (%j)", async (service, more, message) => {
    const cloud = await cloudWith(service);
    const request = { ...service.request, ...more } as NamedRequest;
    const refusal = { code: "OFFERING_NOT_FOUND", message: expect.stringContaining(message) };
    await expect(cloud.prepare({ request })).rejects.toMatchObject(refusal);
  });

  test.each([
    ["Linux with SQL Server Standart", 'did you mean "Linux with SQL Server Standard"?'],
    ["Linux with SQL Server Standard", "match the line exactly."],
  ])("of EC2 names what was probably meant: %s", async (platform, message) => {
    const cloud = await simulated();
    const client = ec2Client(cloud);
    const provider = ec2ReservedInstances({ clientFor: () => client });
    const refusal = { code: "OFFERING_NOT_FOUND", message: expect.stringContaining(message) };
    await expect(provider.prepare(ec2Request({ platform }), TOKEN, context())).rejects.toMatchObject(refusal);
  });

  test("is bought where AWS sells it", async () => {
    const cloud = await simulated();
    const client = ec2Client(cloud);
    const [sold] = await cloud.simulator.offerings.reservedInstances("us-east-1");
    if (sold === undefined) throw new Error("nothing is sold");
    const offering = { ...sold, productDescription: "RHEL with HA and SQL Server Standard (Amazon VPC)" };
    await cloud.simulator.offerings.add({
      reservedInstances: [{ ...offering, offeringId: "00000000-0000-4000-8000-000000000003" }],
    });
    const provider = ec2ReservedInstances({ clientFor: () => client });
    const request = ec2Request({
      instanceType: offering.instanceType,
      platform: offering.productDescription,
      payment: "no_upfront",
      priceTolerancePercent: 20,
      expectedPrice: { amount: String(offering.hourlyPrice * 8_760 * 2), currency: "USD" },
    });
    expect(await provider.prepare(request, TOKEN, context())).toMatchObject({
      reference: "00000000-0000-4000-8000-000000000003",
    });
  });
});

describe("a Savings Plan", () => {
  test.each([
    ["Compute", "Any"],
    ["Compute", "any"],
    ["SageMaker", "Any"],
    ["Database", "Any"],
  ])("of type %s is found by an offering whose region is %s", async (planType, value) => {
    const cloud = await simulated();
    const client = plansClient(cloud);
    changeAnswers(client, "DescribeSavingsPlansOfferings", (answer) => {
      for (const offering of answer["searchResults"] as { properties?: object[] }[])
        offering.properties = [{ name: "region", value }];
    });
    const provider = savingsPlans({ clientFor: () => client });
    await provider.prepare(planRequest({ planType }), TOKEN, context());
  });

  test("of a type that is not known yet is sold in the region that its offering states", async () => {
    const cloud = await simulated();
    const client = plansClient(cloud);
    const sold = (await cloud.simulator.offerings.savingsPlans()).find(
      ({ planType, region, instanceFamily, paymentOption, durationSeconds }) =>
        planType === "EC2Instance" &&
        region === "eu-west-1" &&
        instanceFamily === "m5" &&
        paymentOption === "No Upfront" &&
        durationSeconds === 31_536_000,
    );
    if (sold === undefined) throw new Error("no plan is sold");
    const offeringId = "00000000-0000-4000-8000-000000000004";
    await cloud.simulator.offerings.add({ savingsPlans: [{ ...sold, offeringId, planType: "Quantum" }] });
    const provider = savingsPlans({ clientFor: () => client });
    const request = planRequest({ planType: "Quantum", region: "eu-west-1", instanceFamily: "m5" });
    expect(await provider.prepare(request, TOKEN, context())).toMatchObject({ reference: offeringId });
    await expect(provider.prepare({ ...request, region: "us-east-1" }, TOKEN, context())).rejects.toMatchObject({
      code: "OFFERING_NOT_FOUND",
    });
  });

  test("is listed with eight decimals, and is what was bought", async () => {
    const cloud = await simulated();
    const client = plansClient(cloud);
    const provider = savingsPlans({ clientFor: () => client });
    const request = planRequest();
    const prepared = await provider.prepare(request, TOKEN, context());
    await provider.purchase(permitFor(request, prepared, cloud.clock.now()), context());
    const listed: unknown[] = [];
    changeAnswers(client, "DescribeSavingsPlans", (answer) => {
      listed.push(...(answer["savingsPlans"] as { commitment: string }[]).map(({ commitment }) => commitment));
    });
    expect(await provider.lookup(request, TOKEN, context({ prepared }))).toMatchObject({ differences: [] });
    expect(listed).toEqual(["0.50000000"]);
  });
});
