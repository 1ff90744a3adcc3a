import type { EC2Client } from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import type { Commitment } from "../../../src/domain/evidence.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import type { AwsClient } from "../../../src/providers/aws/aws-client.js";
import type { CommitmentProvider } from "../../../src/providers/commitment-provider.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { manualClock } from "../../../src/testing/manual-clock.js";
import { UNGUARDED } from "../../support/unguarded.js";
import { MINUTE } from "./doubt-world.js";
import { ADAPTERS, type Adapter, type AdapterOptions } from "./every-adapter.js";
import { ACCOUNT, context, permitFor, type Simulated, seen, simulated, stsClient, TOKEN } from "./simulated-line.js";

/** What AWS needs, given in seconds: each number is a thousandth of what was meant. */
const IN_SECONDS = { maxRequestLifetimeMs: 900, visibilityLagMs: 300, clockSkewMs: 60 } as const;
const REFUSED = "Against a real cloud this buys twice";

/**
 * A provider whose client is set up for AWS itself; its requests reach the simulator all the same.
 *
 * Nothing but the client's settings says where it goes, as where a network leads AWS's names elsewhere.
 */
function ofAws(
  adapter: Adapter,
  cloud: Pick<Simulated, "simulator">,
  { endpoint, ...options }: AdapterOptions & { readonly endpoint?: string | undefined } = {},
): CommitmentProvider {
  const { simulator } = cloud;
  const { region } = adapter.request;
  const config = {
    region: region === "global" ? "us-east-1" : region,
    credentials: simulator.credentialsFor(ACCOUNT),
    ...(endpoint !== undefined && { endpoint }),
  };
  const sts = stsClient(cloud);
  const { client, provider } = adapter.open(config, { timing: IN_SECONDS, stsClientFor: () => sts, ...options });
  const { protocol, hostname, port } = new URL(simulator.url);
  const { middlewareStack } = client as AwsClient & Pick<EC2Client, "middlewareStack">;
  middlewareStack.add(
    (next) => (args) => {
      Object.assign(args.request as object, { protocol, hostname, port: Number(port) });
      return next(args);
    },
    { step: "finalizeRequest", priority: "low", name: "reroute" },
  );
  return provider;
}

describe.each(ADAPTERS)("$service with timings in seconds instead of milliseconds", (adapter) => {
  const { request } = adapter;

  /** Every call of the port that asks the cloud something, as a promise of its failure. */
  const callsOf = (provider: CommitmentProvider): readonly (() => Promise<unknown>)[] => {
    const commitment: Commitment = { commitmentIds: ["x"], adopted: false };
    const labeling = { ...context(), request };
    return [
      () => provider.lookup(request, TOKEN, context()),
      () => provider.prepare(request, TOKEN, context()),
      ...(provider.inventory ? [async () => provider.inventory?.(request, TOKEN, context())] : []),
      ...(provider.label ? [async () => provider.label?.(commitment, TOKEN, labeling)] : []),
      ...(provider.cancelQueued ? [async () => provider.cancelQueued?.(commitment, TOKEN, labeling)] : []),
    ];
  };

  test.each([
    ["no endpoint of its own", undefined],
    ["an endpoint of AWS", "https://ec2.us-east-1.amazonaws.com"],
    ["an endpoint of AWS in a VPC", "https://vpce-1a2b-3c4d.ec2.us-east-1.vpce.amazonaws.com"],
    ["an endpoint of AWS in China", "https://ec2.cn-north-1.amazonaws.com.cn"],
    ["an endpoint of AWS for both protocols", "https://ec2.us-east-1.api.aws"],
    ["an endpoint of AWS in capitals, with a dot", "https://EC2.us-east-1.AMAZONAWS.com."],
  ])("refuses every call for a client with %s, and asks nothing", async (_what, endpoint) => {
    const cloud = await simulated();
    const provider = ofAws(adapter, cloud, { endpoint });
    for (const call of callsOf(provider)) await expect(call()).rejects.toThrow(REFUSED);
    const prepared = { reference: "x", detail: { name: "x", upfront: { amount: "1", currency: "USD" } } };
    const outcome = await provider.purchase(permitFor(request, prepared, Date.now()), context());
    expect(outcome).toMatchObject({ kind: "not_sent", reason: expect.stringContaining(REFUSED) });
    expect(await cloud.simulator.ledger.requests()).toEqual([]);
  });

  test.each(Object.entries(IN_SECONDS))("refuses %s alone, and says how much is needed", async (name, value) => {
    const provider = ofAws(adapter, await simulated(), { timing: { [name]: value } });
    await expect(provider.prepare(request, TOKEN, context())).rejects.toMatchObject({
      code: "PREPARE_FAILED",
      message: expect.stringMatching(new RegExp(`${name} is ${value}, at least \\d+ is needed`)),
    });
  });

  test("takes them from somebody who says that it is for a simulator", async () => {
    const provider = ofAws(adapter, await simulated(), { shortenedTimingForSimulators: true });
    expect(provider.idempotency).toMatchObject(IN_SECONDS);
    expect(await provider.prepare(request, TOKEN, context())).toMatchObject({ reference: expect.any(String) });
  });

  test("takes them for a client that talks to an address that is none of AWS's", async () => {
    const cloud = await simulated();
    const provider = adapter.provider(cloud.simulator, {}, { timing: IN_SECONDS });
    expect(await provider.prepare(request, TOKEN, context())).toMatchObject({ reference: expect.any(String) });
  });

  test("takes longer ones, and the documented ones, for a client of AWS", async () => {
    for (const timing of [{}, { maxRequestLifetimeMs: 900_000 }, { visibilityLagMs: 3_600_000, clockSkewMs: 60_000 }]) {
      const provider = ofAws(adapter, await simulated(), { timing });
      expect(await provider.prepare(request, TOKEN, context())).toMatchObject({ reference: expect.any(String) });
    }
  });

  test("buys nothing at all, so that a request which lands late is not bought twice", async () => {
    const clock = manualClock(Date.now());
    const cloud = await simulated({ clock, maxClockSkewMs: 15 * MINUTE });
    const provider = ofAws(adapter, cloud);
    const store = memoryStore({ clock });
    const engine = createPurchaseEngine({
      ...UNGUARDED,
      store,
      providers: [provider],
      clock,
      logger: silentLogger,
    });
    const { id } = await engine.submit({ requestKey: "k", createdBy: "ann", lines: [request] });
    await engine.approve(id, { approvedBy: "bob" });
    await cloud.simulator.faults.add({ operation: adapter.purchase, kind: "delay-landing", ms: 6_000 });
    await engine.run(id);
    for (let tick = 0; tick < 5; tick += 1) {
      clock.advance(3_000);
      await cloud.simulator.ledger.purchases();
      await engine.tick();
    }
    expect((await store.get(id))?.lines).toMatchObject([
      { state: "planned", lastError: { message: expect.stringContaining(REFUSED) } },
    ]);
    expect(await seen(cloud, adapter.purchase)).toEqual([]);
  });
});

describe.each(ADAPTERS)("the options of $service", (adapter) => {
  /** The adapter with options that a program without types may give. */
  const withOptions = (options: object) => () => adapter.open({ region: "us-east-1" }, options);

  test.each([
    [{ requestTimeOutMs: 1_000 }, 'options.requestTimeOutMs is not known; did you mean "requestTimeoutMs"?'],
    [{ maxpages: 5 }, 'options.maxpages is not known; did you mean "maxPages"?'],
    [{ timings: {} }, 'options.timings is not known; did you mean "timing"?'],
    [{ anything: 1 }, "options.anything is not known"],
    [{ timing: { visibilityLag: 1 } }, 'options.timing.visibilityLag is not known; did you mean "visibilityLagMs"?'],
    [{ shortenedTimingForSimulator: true }, 'did you mean "shortenedTimingForSimulators"?'],
  ])("refuse a name that nobody reads: %o", (options, problem) => {
    expect(withOptions(options)).toThrow(
      expect.objectContaining({ code: "INVALID_REQUEST", message: expect.stringContaining(normal(problem)) }),
    );
  });

  test.each([
    { clientFor: "a client" },
    { stsClientFor: {} },
    { shortenedTimingForSimulators: "yes" },
    { requestTimeoutMs: 2 ** 31 },
    { requestTimeoutMs: Number.NaN },
    { requestTimeoutMs: "30000" },
    { maxPages: 0 },
    { timing: { clockSkewMs: -1 } },
    { timing: { clockSkewMs: Number.POSITIVE_INFINITY } },
    { timing: { clockSkewMs: "60000" } },
    { timing: { clockSkewMs: undefined } },
  ])("refuse a value that is out of range: %o", (options) => {
    expect(withOptions(options)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
  });
});

/** As `checkKeys` writes it: a path, a colon, and the problem. */
const normal = (problem: string): string => problem.replace(/^(options[.\w]*) is/, "$1: is");
