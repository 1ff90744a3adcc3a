import {
  DescribeReservedInstancesCommand,
  EC2Client,
  type EC2ClientConfig,
  PurchaseReservedInstancesOfferingCommand,
} from "@aws-sdk/client-ec2";
import type { Fault } from "buyonce/simulator";
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
  toSecond,
} from "./simulated-line.js";

/** A strategy that sends everything seven times, whatever the error says. */
const stubborn = {
  async acquireInitialRetryToken() {
    return await tokenOf(0);
  },
  async refreshRetryTokenForRetry(token: { getRetryCount(): number }) {
    if (token.getRetryCount() >= 6) throw new Error("seven attempts made");
    return await tokenOf(token.getRetryCount() + 1);
  },
  recordSuccess() {},
};
const tokenOf = (count: number) => Promise.resolve({ getRetryCount: () => count, getRetryDelay: () => 0 });

const CLIENTS: Readonly<Record<string, EC2ClientConfig>> = {
  "a default client": {},
  "maxAttempts 10": { maxAttempts: 10 },
  "a strategy that retries everything": { retryStrategy: stubborn },
  "adaptive retries": { retryMode: "adaptive" },
  "AWS_MAX_ATTEMPTS=5": {},
  "no correction of clock skew": { disableClockSkewCorrection: true },
};

/** The SDK's own handler, deaf to aborts. */
function deafHandler() {
  const { requestHandler } = new EC2Client({ region: "us-east-1" }).config;
  const handle: typeof requestHandler.handle = (request) => requestHandler.handle(request);
  return { handle };
}

const PURCHASE = "PurchaseReservedInstancesOffering";
const FAULTS: Readonly<Record<string, readonly [fault: Partial<Fault> | undefined, outcome: string]>> = {
  ok: [undefined, "committed"],
  "reset-before": [{ kind: "reset-before" }, "unknown"],
  "reset-after": [{ kind: "reset-after" }, "unknown"],
  "error-500-before": [{ kind: "error-500-before" }, "unknown"],
  "error-500-after": [{ kind: "error-500-after" }, "unknown"],
  "a 503": [{ kind: "error", code: "Unavailable", status: 503 }, "unknown"],
  throttling: [{ kind: "throttle" }, "not_now"],
  "cut-body": [{ kind: "cut-body" }, "unknown"],
  "empty-body": [{ kind: "empty-body" }, "unknown"],
  "garbage-body": [{ kind: "garbage-body" }, "unknown"],
  "a 400": [{ kind: "error", code: "InvalidParameterValue", status: 400 }, "rejected"],
};

/** Buys two reserved instances with this client, signed a minute ago. */
async function buyWith(cloud: Simulated, config: EC2ClientConfig, more: Parameters<typeof context>[0] = {}) {
  const client = ec2Client(cloud, config);
  const provider = ec2ReservedInstances({ clientFor: () => client });
  const prepared = await provider.prepare(ec2Request(), TOKEN, context());
  const permit = permitFor(ec2Request(), prepared, cloud.clock.now() - 60_000);
  return { client, permit, outcome: await provider.purchase(permit, context(more)) };
}

describe.each(Object.entries(CLIENTS))("with %s", (name, config) => {
  test.each(Object.entries(FAULTS))(
    "%s: one request leaves, signed with the permit's time",
    async (_fault, [fault, expected]) => {
      if (name === "AWS_MAX_ATTEMPTS=5") vi.stubEnv("AWS_MAX_ATTEMPTS", "5");
      const cloud = await simulated();
      if (fault !== undefined) await cloud.simulator.faults.add({ operation: PURCHASE, times: 20, ...fault } as Fault);
      const { outcome, permit } = await buyWith(cloud, config);
      vi.unstubAllEnvs();
      const requests = await seen(cloud, PURCHASE);
      expect(requests.map(({ signedAt }) => signedAt)).toEqual([toSecond(permit.submittedAt)]);
      expect(outcome.kind).toBe(expected);
    },
  );
});

describe("the caller's client", () => {
  test("sends the same purchase several times without the guard", async () => {
    const cloud = await simulated();
    await cloud.simulator.faults.add({ operation: PURCHASE, times: 20, kind: "reset-before" });
    const command = new PurchaseReservedInstancesOfferingCommand({
      ReservedInstancesOfferingId: "x",
      InstanceCount: 1,
    });
    await expect(ec2Client(cloud).send(command)).rejects.toThrow();
    expect(await seen(cloud, PURCHASE)).toHaveLength(3);
  });

  test("signs its next command with its own time and retries it as before", async () => {
    const cloud = await simulated();
    await cloud.simulator.faults.add({ operation: PURCHASE, kind: "reset-after" });
    const { client, permit } = await buyWith(cloud, {});
    const before = (await seen(cloud, "DescribeReservedInstances")).length;
    await cloud.simulator.faults.add({ operation: "DescribeReservedInstances", times: 2, kind: "reset-before" });
    await client.send(new DescribeReservedInstancesCommand({}));
    const requests = (await seen(cloud, "DescribeReservedInstances")).slice(before);
    expect(requests).toHaveLength(3);
    for (const { signedAt = 0 } of requests) expect(signedAt).toBeGreaterThan(permit.submittedAt + 30_000);
  });

  test("learns no clock from a purchase and loses none that it has learned", async () => {
    const cloud = await simulated();
    const { client } = await buyWith(cloud, { systemClockOffset: 0 });
    const learned = client.config.systemClockOffset;
    await cloud.simulator.clock.advance(4 * 3_600_000);
    await client.send(new DescribeReservedInstancesCommand({}));
    expect(client.config.systemClockOffset).not.toBe(learned);
    expect(client.config.systemClockOffset).toBeGreaterThan(3 * 3_600_000);
  });
});

test("a clock offset that the client has learned does not move the pinned time", async () => {
  const cloud = await simulated();
  await cloud.simulator.clock.advance(4 * 3_600_000);
  const client = ec2Client(cloud);
  const provider = ec2ReservedInstances({ clientFor: () => client });
  const prepared = await provider.prepare(ec2Request(), TOKEN, context());
  expect(client.config.systemClockOffset).toBeGreaterThan(3 * 3_600_000);
  const submittedAt = (await cloud.simulator.clock.now()) - 1_999;
  expect((await provider.purchase(permitFor(ec2Request(), prepared, submittedAt), context())).kind).toBe("committed");
  expect((await seen(cloud, PURCHASE)).map(({ signedAt }) => signedAt)).toEqual([toSecond(submittedAt)]);
});

test("a failed purchase passes the SDK's retries once", async () => {
  const cloud = await simulated();
  const client = ec2Client(cloud);
  const provider = ec2ReservedInstances({ clientFor: () => client });
  const prepared = await provider.prepare(ec2Request(), TOKEN, context());
  let attempts = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      attempts += 1;
      return next(args);
    },
    { step: "finalizeRequest" },
  );
  await cloud.simulator.faults.add({ operation: PURCHASE, kind: "reset-before" });
  await provider.purchase(permitFor(ec2Request(), prepared, cloud.clock.now()), context());
  expect(attempts).toBe(1);
});

test("a middleware of the client's that sends everything twice gets one request out, and no certainty", async () => {
  const cloud = await simulated();
  const asker = ec2Client(cloud);
  const prepared = await ec2ReservedInstances({ clientFor: () => asker }).prepare(ec2Request(), TOKEN, context());
  const client = ec2Client(cloud);
  client.middlewareStack.add(
    (next) => async (args) => {
      await next(args);
      return next(args);
    },
    { step: "deserialize" },
  );
  const provider = ec2ReservedInstances({ clientFor: () => client });
  const outcome = await provider.purchase(permitFor(ec2Request(), prepared, cloud.clock.now()), context());
  expect(outcome).toMatchObject({ kind: "unknown", reason: expect.stringContaining("a second send") });
  expect(await seen(cloud, PURCHASE)).toHaveLength(1);
});

describe("before the wire", () => {
  test("a refusal of beforeWire sends nothing", async () => {
    const cloud = await simulated();
    const refuse = () => {
      throw new Error("the kill switch is on");
    };
    const { outcome } = await buyWith(cloud, {}, { beforeWire: refuse });
    expect(outcome).toEqual({ kind: "not_sent", reason: "Error: the kill switch is on" });
    expect(await seen(cloud, PURCHASE)).toEqual([]);
  });

  test("beforeWire is asked once, after signing", async () => {
    const cloud = await simulated();
    const client = ec2Client(cloud);
    const steps: string[] = [];
    client.middlewareStack.add(
      (next) => (args) => {
        steps.push("signed");
        return next(args);
      },
      { step: "finalizeRequest", priority: "low" },
    );
    const provider = ec2ReservedInstances({ clientFor: () => client });
    const prepared = await provider.prepare(ec2Request(), TOKEN, context());
    steps.length = 0;
    await provider.purchase(
      permitFor(ec2Request(), prepared, cloud.clock.now()),
      context({ beforeWire: () => steps.push("beforeWire") }),
    );
    expect(steps).toEqual(["signed", "beforeWire"]);
  });

  test("an aborted call sends nothing", async () => {
    const cloud = await simulated();
    const { outcome } = await buyWith(cloud, {}, { signal: AbortSignal.abort() });
    expect(outcome.kind).toBe("not_sent");
    expect(await seen(cloud, PURCHASE)).toEqual([]);
  });

  test("an abort between the account check and the wire sends nothing, also later", async () => {
    const cloud = await simulated();
    const controller = new AbortController();
    const client = ec2Client(cloud, { requestHandler: deafHandler() });
    let sending: Promise<unknown> | undefined;
    client.middlewareStack.add(
      (next) => (args) => {
        controller.abort();
        const sent = next(args);
        sending = sent.catch(() => undefined);
        return sent;
      },
      { step: "build" },
    );
    const asker = ec2Client(cloud);
    const prepared = await ec2ReservedInstances({ clientFor: () => asker }).prepare(ec2Request(), TOKEN, context());
    const permit = permitFor(ec2Request(), prepared, cloud.clock.now());
    const provider = ec2ReservedInstances({ clientFor: () => client });
    expect(await provider.purchase(permit, context({ signal: controller.signal }))).toMatchObject({ kind: "not_sent" });
    await sending;
    expect(await seen(cloud, PURCHASE)).toEqual([]);
  });

  test("a signer that does not keep to the pinned time sends nothing", async () => {
    const cloud = await simulated();
    const plain = ec2Client(cloud);
    const sign = async (request: unknown, _options: unknown) => {
      const signer = await plain.config.signer();
      return signer.sign(request as Parameters<typeof signer.sign>[0], { signingDate: new Date(0) });
    };
    const signer = { sign } as never;
    const client = ec2Client(cloud, { signer });
    const asker = ec2Client(cloud);
    const prepared = await ec2ReservedInstances({ clientFor: () => asker }).prepare(ec2Request(), TOKEN, context());
    const permit = permitFor(ec2Request(), prepared, cloud.clock.now());
    const outcome = await ec2ReservedInstances({ clientFor: () => client }).purchase(permit, context());
    expect(outcome).toMatchObject({
      kind: "not_sent",
      reason: expect.stringContaining("signed with time 19700101T000000Z"),
    });
    expect(await seen(cloud, PURCHASE)).toEqual([]);
  });

  test("credentials that change after the account check send nothing", async () => {
    const cloud = await simulated();
    const good = cloud.simulator.credentialsFor(ACCOUNT);
    const other = cloud.simulator.credentialsFor(OTHER_ACCOUNT);
    let sending = false;
    // Expired at once, so that the SDK asks for them anew each time.
    const credentials = () => Promise.resolve({ ...(sending ? other : good), expiration: new Date(0) });
    const client = ec2Client(cloud, { credentials });
    client.middlewareStack.add(
      (next) => (args) => {
        sending = true;
        return next(args);
      },
      { step: "build" },
    );
    const asker = ec2Client(cloud);
    const prepared = await ec2ReservedInstances({ clientFor: () => asker }).prepare(ec2Request(), TOKEN, context());
    const permit = permitFor(ec2Request(), prepared, cloud.clock.now());
    const outcome = await ec2ReservedInstances({ clientFor: () => client }).purchase(permit, context());
    expect(outcome).toMatchObject({ kind: "not_sent", reason: expect.stringContaining("another access key") });
    expect(await seen(cloud, PURCHASE)).toEqual([]);
  });

  test("a connection that is refused is not sent", async () => {
    const cloud = await simulated();
    const asker = ec2Client(cloud);
    const prepared = await ec2ReservedInstances({ clientFor: () => asker }).prepare(ec2Request(), TOKEN, context());
    const client = ec2Client(cloud, { endpoint: "http://127.0.0.1:1" });
    const provider = ec2ReservedInstances({ clientFor: () => client, stsClientFor: () => stsClient(cloud) });
    const outcome = await provider.purchase(permitFor(ec2Request(), prepared, cloud.clock.now()), context());
    expect(outcome).toMatchObject({ kind: "not_sent", reason: expect.stringContaining("ECONNREFUSED") });
  });
});

describe("after the wire", () => {
  test.each([
    ["the SDK's handler", undefined],
    ["a handler that does not heed it", deafHandler()],
  ])("an abort is an unknown outcome at once, with %s", async (_name, requestHandler) => {
    const cloud = await simulated();
    await cloud.simulator.faults.add({ operation: PURCHASE, kind: "slow-reply", ms: 3_600_000 });
    const controller = new AbortController();
    const client = ec2Client(cloud, requestHandler && { requestHandler });
    const provider = ec2ReservedInstances({ clientFor: () => client });
    const prepared = await provider.prepare(ec2Request(), TOKEN, context());
    const permit = permitFor(ec2Request(), prepared, cloud.clock.now());
    const outcome = provider.purchase(permit, context({ signal: controller.signal }));
    await vi.waitUntil(async () => (await seen(cloud, PURCHASE)).length > 0, { timeout: 10_000 });
    controller.abort();
    expect((await outcome).kind).toBe("unknown");
    expect(await cloud.simulator.ledger.purchases()).toHaveLength(1);
  });

  test("the request's own time limit is an unknown outcome", async () => {
    const cloud = await simulated();
    const asker = ec2Client(cloud);
    const prepared = await ec2ReservedInstances({ clientFor: () => asker }).prepare(ec2Request(), TOKEN, context());
    await cloud.simulator.faults.add({ operation: PURCHASE, kind: "slow-reply", ms: 3_600_000 });
    const provider = ec2ReservedInstances({ clientFor: () => asker, requestTimeoutMs: 500 });
    const outcome = await provider.purchase(permitFor(ec2Request(), prepared, cloud.clock.now()), context());
    expect(outcome.kind).toBe("unknown");
  });
});

test("Savings Plans are sent once and signed with the permit's time as well", async () => {
  const cloud = await simulated();
  await cloud.simulator.faults.add({ operation: "CreateSavingsPlan", times: 20, kind: "reset-after" });
  const client = plansClient(cloud, { maxAttempts: 10 });
  const provider = savingsPlans({ clientFor: () => client });
  const prepared = await provider.prepare(planRequest(), TOKEN, context());
  const permit = permitFor(planRequest(), prepared, cloud.clock.now() - 60_000);
  expect((await provider.purchase(permit, context())).kind).toBe("unknown");
  expect((await seen(cloud, "CreateSavingsPlan")).map(({ signedAt }) => signedAt)).toEqual([
    toSecond(permit.submittedAt),
  ]);
});
