import {
  DescribeRegionsCommand,
  DescribeReservedInstancesCommand,
  PurchaseReservedInstancesOfferingCommand,
} from "@aws-sdk/client-ec2";
import { DescribeReservedNodesCommand, MemoryDBClient } from "@aws-sdk/client-memorydb";
import { DescribeSavingsPlanRatesCommand } from "@aws-sdk/client-savingsplans";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { credentialsFor } from "buyonce/simulator";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  ACCOUNT,
  buy,
  buyPlan,
  clientOf,
  ec2For,
  listed,
  ManualClock,
  OTHER_ACCOUNT,
  savingsPlansFor,
  simulatedAws,
} from "./simulated-aws.js";

const unknown = { accessKeyId: "AKIAUNKNOWN000000000", secretAccessKey: "secret" };
const own = { accessKeyId: "AKIAOWNKEY0000000000", secretAccessKey: "secret" };

describe("an access key", () => {
  it("leads to its account", async () => {
    const simulator = await simulatedAws({ accounts: { [own.accessKeyId]: OTHER_ACCOUNT } });
    expect(await callerOf(simulator.url, simulator.credentialsFor(ACCOUNT))).toMatchObject({
      Account: ACCOUNT,
      Arn: `arn:aws:iam::${ACCOUNT}:user/simulator`,
      UserId: expect.any(String),
    });
    expect(await callerOf(simulator.url, own)).toMatchObject({ Account: OTHER_ACCOUNT });
  });

  it("is refused in the words of each service if it is unknown", async () => {
    const simulator = await simulatedAws();
    const credentials = unknown;
    await expect(callerOf(simulator.url, unknown)).rejects.toMatchObject({
      name: "InvalidClientTokenId",
      $metadata: { httpStatusCode: 403 },
    });
    await expect(listed(ec2For(simulator, { credentials }))).rejects.toMatchObject({
      name: "AuthFailure",
      $metadata: { httpStatusCode: 401 },
    });
    await expect(buyPlan(savingsPlansFor(simulator, { credentials }))).rejects.toMatchObject({
      name: "UnrecognizedClientException",
      $metadata: { httpStatusCode: 403 },
    });
  });

  it("must carry a real account id", () => {
    expect(() => credentialsFor("123")).toThrow("must be an AWS account id of 12 digits");
  });

  it("is needed at all", async () => {
    const simulator = await simulatedAws();
    const body = "Action=DescribeReservedInstances&Version=2016-11-15";
    const answer = await fetch(simulator.url, { method: "POST", body });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("<Code>MissingAuthenticationToken</Code>");
  });
});

describe("a signing time outside the tolerance", () => {
  const fromMinutes = (minutes: number) => ({ systemClockOffset: minutes * 60_000 });

  it.each([-6, 6])("%i minutes off is refused before anything is bought", async (minutes) => {
    const simulator = await simulatedAws();
    const [{ offeringId = "" } = {}] = await simulator.offerings.reservedInstances("us-east-1");
    const ec2 = ec2For(simulator, fromMinutes(minutes));
    await expect(ec2.send(new DescribeReservedInstancesCommand({}))).rejects.toMatchObject({
      name: "RequestExpired",
      $metadata: { httpStatusCode: 400 },
    });
    const again = ec2For(simulator, fromMinutes(minutes));
    const purchase = { ReservedInstancesOfferingId: offeringId, InstanceCount: 1 };
    await expect(again.send(new PurchaseReservedInstancesOfferingCommand(purchase))).rejects.toMatchObject({
      name: "RequestExpired",
    });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  it("is refused in the words of each service", async () => {
    const simulator = await simulatedAws();
    const plans = savingsPlansFor(simulator, fromMinutes(-6));
    await expect(buyPlan(plans)).rejects.toMatchObject({
      name: "InvalidSignatureException",
      message: expect.stringMatching(/^Signature expired: \d{8}T\d{6}Z is now earlier than .* - 5 min\.\)$/),
      $metadata: { httpStatusCode: 403 },
    });
    const credentials = simulator.credentialsFor(ACCOUNT);
    await expect(callerOf(simulator.url, credentials, fromMinutes(6))).rejects.toMatchObject({
      name: "SignatureDoesNotMatch",
      message: expect.stringMatching(/^Signature not yet current: .* is still later than .* \+ 5 min\.\)$/),
    });
  });

  it("is corrected by the SDK from the answer's date, which is the simulator's", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock });
    clock.advance(3_600_000);
    const ec2 = ec2For(simulator, { maxAttempts: 3 });
    await buy(ec2);
    const statuses = (await simulator.ledger.requests()).map((request) => request.outcome.errorCode ?? "ok");
    expect(statuses).toEqual(["RequestExpired", "ok", "ok"]);
  });

  it("is tolerated up to the limit that was set", async () => {
    const simulator = await simulatedAws({ maxClockSkewMs: 15 * 60_000 });
    expect(await listed(ec2For(simulator, fromMinutes(-14)))).toEqual([]);
  });
});

describe("a region that AWS does not have", () => {
  const region = "eu-west-9";

  it("is refused in the words of each service, and nothing is bought", async () => {
    const simulator = await simulatedAws();
    const message = "Credential should be scoped to a valid region, not 'eu-west-9'. ";
    const credentials = simulator.credentialsFor(ACCOUNT);
    await expect(callerOf(simulator.url, credentials, { region })).rejects.toMatchObject({
      name: "SignatureDoesNotMatch",
      message,
      $metadata: { httpStatusCode: 403 },
    });
    await expect(listed(ec2For(simulator, { region }))).rejects.toMatchObject({
      name: "AuthFailure",
      $metadata: { httpStatusCode: 401 },
    });
    await expect(buyPlan(savingsPlansFor(simulator, { region }))).rejects.toMatchObject({
      name: "InvalidSignatureException",
      message,
    });
    const memory = clientOf(MemoryDBClient, simulator, { region });
    await expect(memory.send(new DescribeReservedNodesCommand({}))).rejects.toMatchObject({
      name: "InvalidSignatureException",
      $metadata: { httpStatusCode: 400 },
    });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  it.each(["us-gov-west-1", "cn-north-1", "eusc-de-east-1"])("is not %s", async (known) => {
    expect(await listed(ec2For(await simulatedAws(), { region: known }))).toEqual([]);
  });

  it("may be named, because AWS opens regions", async () => {
    const simulator = await simulatedAws({ moreRegions: [region] });
    await buy(ec2For(simulator, { region }));
    expect(await simulator.ledger.purchases()).toMatchObject([{ region }]);
  });
});

describe("an unknown operation", () => {
  it("is refused in the words of each service", async () => {
    const simulator = await simulatedAws();
    const regions = ec2For(simulator).send(new DescribeRegionsCommand({}));
    await expect(regions).rejects.toMatchObject({ name: "InvalidAction" });
    const rates = savingsPlansFor(simulator).send(new DescribeSavingsPlanRatesCommand({ savingsPlanId: "id" }));
    await expect(rates).rejects.toMatchObject({ name: "UnknownOperationException" });
  });

  it("of an unknown service is not found", async () => {
    const { url } = await simulatedAws();
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
  });
});

async function callerOf(
  endpoint: string,
  credentials: typeof own,
  config: { readonly systemClockOffset?: number; readonly region?: string } = {},
) {
  const sts = new STSClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1, ...config });
  onTestFinished(() => sts.destroy());
  return await sts.send(new GetCallerIdentityCommand({}));
}
