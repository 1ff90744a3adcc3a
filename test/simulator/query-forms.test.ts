import { DescribeReservedInstancesOfferingsCommand } from "@aws-sdk/client-ec2";
import { ReturnSavingsPlanCommand } from "@aws-sdk/client-savingsplans";
import type { ConnectedAwsSimulator } from "buyonce/simulator";
import { describe, expect, it } from "vitest";
import { ACCOUNT, buyPlan, ec2For, listedPlans, ManualClock, savingsPlansFor, simulatedAws } from "./simulated-aws.js";

const DAY_MS = 86_400_000;
const basicIso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;

/** The signature of an address that was presigned at a time, for some seconds. */
function presigned({ credentialsFor }: ConnectedAwsSimulator, at: number, seconds: number): Record<string, string> {
  const date = basicIso(at);
  return {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${credentialsFor(ACCOUNT).accessKeyId}/${date.slice(0, 8)}/us-east-1/ec2/aws4_request`,
    "X-Amz-Date": date,
    "X-Amz-Expires": String(seconds),
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Signature": "0".repeat(64),
  };
}

const LISTING = { Action: "DescribeReservedInstances", Version: "2016-11-15" };
const get = (simulator: ConnectedAwsSimulator, params: Record<string, string>) =>
  fetch(`${simulator.url}/?${new URLSearchParams(params)}`);

describe("a presigned GET", () => {
  it("is answered like a POST, with its parameters in the address", async () => {
    const simulator = await simulatedAws();
    const answer = await get(simulator, { ...LISTING, ...presigned(simulator, Date.now(), 60) });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("<DescribeReservedInstancesResponse");
    const [seen] = await simulator.ledger.requests();
    expect(seen).toMatchObject({ operation: "DescribeReservedInstances", account: ACCOUNT });
  });

  it("is good for as long as it says", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock });
    const params = { ...LISTING, ...presigned(simulator, clock.now(), 3_600) };
    clock.advance(3_500_000);
    expect((await get(simulator, params)).status).toBe(200);
    clock.advance(200_000);
    const late = await get(simulator, params);
    expect(late.status).toBe(400);
    expect(await late.text()).toContain("<Code>RequestExpired</Code>");
  });

  it("needs a signature", async () => {
    const simulator = await simulatedAws();
    expect(await (await get(simulator, LISTING)).text()).toContain("<Code>MissingAuthenticationToken</Code>");
  });
});

describe("EC2", () => {
  it("refuses a parameter that the operation does not have", async () => {
    const simulator = await simulatedAws();
    const params = { ...LISTING, InstanceTipe: "m5.large", ...presigned(simulator, Date.now(), 60) };
    expect(await (await get(simulator, params)).text()).toContain("<Code>UnknownParameter</Code>");
  });

  it("refuses a zone beside the id of a zone, and finds offerings by either", async () => {
    const ec2 = ec2For(await simulatedAws());
    const ask = (more: ConstructorParameters<typeof DescribeReservedInstancesOfferingsCommand>[0]) =>
      ec2.send(new DescribeReservedInstancesOfferingsCommand({ IncludeMarketplace: false, ...more }));
    const both = ask({ AvailabilityZone: "us-east-1a", AvailabilityZoneId: "use1-az1" });
    await expect(both).rejects.toMatchObject({ name: "InvalidParameterCombination" });
    const byName = await ask({ AvailabilityZone: "us-east-1b" });
    const byId = await ask({ AvailabilityZoneId: "use1-az2" });
    const byFilter = await ask({ Filters: [{ Name: "availability-zone-id", Values: ["use1-az2"] }] });
    expect(byName.ReservedInstancesOfferings?.[0]).toMatchObject({
      AvailabilityZone: "us-east-1b",
      AvailabilityZoneId: "use1-az2",
    });
    expect(byId.ReservedInstancesOfferings).toEqual(byName.ReservedInstancesOfferings);
    expect(byFilter.ReservedInstancesOfferings).toEqual(byName.ReservedInstancesOfferings);
  });
});

describe("a Savings Plan", () => {
  it("is given back within seven days of the same month", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock, maxClockSkewMs: 1e15 });
    const plans = savingsPlansFor(simulator);
    clock.advance(Date.UTC(2035, 0, 10) - clock.now());
    const savingsPlanId = await buyPlan(plans);
    expect((await listedPlans(plans))[0]?.returnableUntil).toBe("2035-01-17T00:00:00.000Z");
    clock.advance(6 * DAY_MS);
    const giveBack = () => plans.send(new ReturnSavingsPlanCommand({ savingsPlanId }));
    expect(await giveBack()).toMatchObject({ savingsPlanId });
    expect((await listedPlans(plans))[0]?.state).toBe("returned");
    expect(await giveBack()).toMatchObject({ savingsPlanId });
  });

  it.each([
    ["a week is over", Date.UTC(2035, 0, 10), 7 * DAY_MS + 1],
    ["a month has begun", Date.UTC(2035, 0, 30), 3 * DAY_MS],
  ])("is not taken back once %s", async (_what, boughtAt, laterMs) => {
    const clock = new ManualClock();
    const plans = savingsPlansFor(await simulatedAws({ clock, maxClockSkewMs: 1e15 }));
    clock.advance(boughtAt - clock.now());
    const savingsPlanId = await buyPlan(plans);
    clock.advance(laterMs);
    await expect(plans.send(new ReturnSavingsPlanCommand({ savingsPlanId }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  it("is taken back ten times a year", async () => {
    const clock = new ManualClock();
    const plans = savingsPlansFor(await simulatedAws({ clock, maxClockSkewMs: 1e15 }));
    clock.advance(Date.UTC(2035, 0, 10) - clock.now());
    const giveBack = async () => plans.send(new ReturnSavingsPlanCommand({ savingsPlanId: await buyPlan(plans) }));
    for (let returned = 0; returned < 10; returned += 1) await giveBack();
    await expect(giveBack()).rejects.toMatchObject({ name: "ServiceQuotaExceededException" });
  });
});
