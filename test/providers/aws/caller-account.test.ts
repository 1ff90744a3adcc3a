import type { EC2Client } from "@aws-sdk/client-ec2";
import { describe, expect, test, vi } from "vitest";
import { ec2ReservedInstances } from "../../../src/providers/aws/services/ec2-reserved-instances.js";
import { savingsPlans } from "../../../src/providers/aws/services/savings-plans.js";
import {
  ACCOUNT,
  context,
  ec2Client,
  ec2Request,
  OTHER_ACCOUNT,
  permitFor,
  planRequest,
  plansClient,
  type Simulated,
  seen,
  simulated,
  stsClient,
  TOKEN,
} from "./simulated-line.js";

const asked = async (cloud: Simulated) => (await seen(cloud, "GetCallerIdentity")).length;
const operations = async ({ simulator }: Simulated) =>
  (await simulator.ledger.requests()).map(({ operation }) => operation);

describe("credentials of another account", () => {
  const wrong = (cloud: Simulated) => ({ credentials: cloud.simulator.credentialsFor(OTHER_ACCOUNT) });
  const mismatch = {
    code: "ACCOUNT_MISMATCH",
    retryable: false,
    details: { expected: ACCOUNT, actual: OTHER_ACCOUNT },
  };

  test("are refused by every EC2 call before EC2 is asked anything", async () => {
    const cloud = await simulated();
    const client = ec2Client(cloud, wrong(cloud));
    const provider = ec2ReservedInstances({ clientFor: () => client });
    const request = ec2Request();
    const permit = permitFor(request, { reference: "x", detail: {} }, cloud.clock.now());
    await expect(provider.lookup(request, TOKEN, context())).rejects.toMatchObject(mismatch);
    await expect(provider.prepare(request, TOKEN, context())).rejects.toMatchObject(mismatch);
    await expect(provider.inventory?.(request, TOKEN, context())).rejects.toMatchObject(mismatch);
    await expect(
      provider.label?.({ commitmentIds: ["x"], adopted: false }, TOKEN, { ...context(), request }),
    ).rejects.toMatchObject(mismatch);
    expect((await provider.purchase(permit, context())).kind).toBe("not_sent");
    expect(await operations(cloud)).toEqual(["GetCallerIdentity"]);
  });

  test("are refused by every Savings Plans call before Savings Plans is asked anything", async () => {
    const cloud = await simulated();
    const client = plansClient(cloud, wrong(cloud));
    const provider = savingsPlans({ clientFor: () => client });
    const request = planRequest();
    await expect(provider.lookup(request, TOKEN, context())).rejects.toMatchObject(mismatch);
    await expect(provider.prepare(request, TOKEN, context())).rejects.toMatchObject(mismatch);
    const permit = permitFor(request, { reference: "x" }, cloud.clock.now());
    expect((await provider.purchase(permit, context())).kind).toBe("not_sent");
    expect(await operations(cloud)).toEqual(["GetCallerIdentity"]);
  });
});

describe("STS", () => {
  test("is asked once for a client and an access key", async () => {
    const cloud = await simulated();
    let account = ACCOUNT;
    const credentials = () => Promise.resolve({ ...cloud.simulator.credentialsFor(account), expiration: new Date(0) });
    const client = ec2Client(cloud, { credentials });
    const provider = ec2ReservedInstances({ clientFor: () => client });
    await provider.lookup(ec2Request(), TOKEN, context());
    await provider.prepare(ec2Request(), TOKEN, context());
    expect(await asked(cloud)).toBe(1);
    account = OTHER_ACCOUNT;
    await expect(provider.lookup(ec2Request(), TOKEN, context())).rejects.toMatchObject({ code: "ACCOUNT_MISMATCH" });
    expect(await asked(cloud)).toBe(2);
    account = ACCOUNT;
    await provider.lookup(ec2Request(), TOKEN, context());
    expect(await asked(cloud)).toBe(2);
  });

  test("is asked again for another client", async () => {
    const cloud = await simulated();
    const clients = [ec2Client(cloud), ec2Client(cloud)];
    const provider = ec2ReservedInstances({ clientFor: () => clients.pop() ?? ec2Client(cloud) });
    await provider.lookup(ec2Request(), TOKEN, context());
    await provider.lookup(ec2Request(), TOKEN, context());
    expect(await asked(cloud)).toBe(2);
  });

  test("that cannot be asked leaves the account unknown, and the next call asks again", async () => {
    const cloud = await simulated();
    const client = ec2Client(cloud);
    const provider = ec2ReservedInstances({ clientFor: () => client });
    await cloud.simulator.faults.add({
      operation: "GetCallerIdentity",
      kind: "error",
      code: "AccessDenied",
      status: 403,
    });
    await expect(provider.lookup(ec2Request(), TOKEN, context())).rejects.toMatchObject({
      code: "ACCOUNT_CHECK_FAILED",
      retryable: true,
      message: expect.stringContaining("AccessDenied"),
    });
    expect(await provider.lookup(ec2Request(), TOKEN, context())).toBeUndefined();
  });

  test("that answers without an account leaves it unknown", async () => {
    const cloud = await simulated();
    const client = ec2Client(cloud);
    const provider = ec2ReservedInstances({ clientFor: () => client });
    await cloud.simulator.faults.add({ operation: "GetCallerIdentity", kind: "empty-body" });
    await expect(provider.lookup(ec2Request(), TOKEN, context())).rejects.toMatchObject({
      code: "ACCOUNT_CHECK_FAILED",
    });
  });

  test("is reached as the client is: by its HTTP handler, region and endpoint", async () => {
    const cloud = await simulated();
    const client = ec2Client(cloud);
    const handle = vi.spyOn(client.config.requestHandler, "handle");
    await ec2ReservedInstances({ clientFor: () => client }).lookup(ec2Request(), TOKEN, context());
    expect(handle).toHaveBeenCalledTimes(2);
    expect((await seen(cloud, "GetCallerIdentity")).map(({ region }) => region)).toEqual(["us-east-1"]);
  });

  test("of stsClientFor is asked instead, if it uses the same credentials", async () => {
    const cloud = await simulated();
    const elsewhere = await simulated();
    const client = ec2Client(cloud);
    const provider = ec2ReservedInstances({ clientFor: () => client, stsClientFor: () => stsClient(elsewhere) });
    await provider.lookup(ec2Request(), TOKEN, context());
    expect([await asked(cloud), await asked(elsewhere)]).toEqual([0, 1]);
  });

  test("of stsClientFor with other credentials proves nothing", async () => {
    const cloud = await simulated();
    const client = ec2Client(cloud, { credentials: cloud.simulator.credentialsFor(OTHER_ACCOUNT) });
    const provider = ec2ReservedInstances({ clientFor: () => client, stsClientFor: () => stsClient(cloud) });
    await expect(provider.lookup(ec2Request(), TOKEN, context())).rejects.toMatchObject({
      code: "ACCOUNT_CHECK_FAILED",
    });
    expect(await operations(cloud)).toEqual([]);
  });
});

test("credentials that cannot be had leave the account unknown", async () => {
  const cloud = await simulated();
  const client = ec2Client(cloud, { credentials: () => Promise.reject(new Error("no profile")) });
  const provider = ec2ReservedInstances({ clientFor: () => client });
  await expect(provider.lookup(ec2Request(), TOKEN, context())).rejects.toMatchObject({
    code: "ACCOUNT_CHECK_FAILED",
    message: expect.stringContaining("no profile"),
  });
});

test("a client of another region is refused", async () => {
  const cloud = await simulated();
  const client = ec2Client(cloud, { region: "eu-west-1" });
  const provider = ec2ReservedInstances({ clientFor: () => client });
  await expect(provider.lookup(ec2Request(), TOKEN, context())).rejects.toMatchObject({
    code: "ACCOUNT_MISMATCH",
    details: { expected: "us-east-1", actual: "eu-west-1" },
  });
  expect(await operations(cloud)).toEqual([]);
});

test("clientFor is told the account and the region of the line, and nothing else", async () => {
  const cloud = await simulated();
  const targets: unknown[] = [];
  const clientFor = (target: unknown): EC2Client => {
    targets.push(target);
    return ec2Client(cloud);
  };
  await ec2ReservedInstances({ clientFor }).lookup(ec2Request(), TOKEN, context());
  expect(targets).toEqual([{ account: ACCOUNT, region: "us-east-1" }]);
});
