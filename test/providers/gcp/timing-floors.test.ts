import { RegionCommitmentsClient } from "@google-cloud/compute";
import { describe, expect, onTestFinished, test } from "vitest";
import { gcpCommittedUseDiscounts } from "../../../src/providers/gcp/committed-use-discounts.js";
import { hasCustomEndpoint } from "../../../src/providers/gcp/custom-endpoint.js";
import type { GcpClients } from "../../../src/providers/gcp/gcp-clients.js";
import { GCP_TIMING, type GcpProviderOptions } from "../../../src/providers/gcp/gcp-provider-options.js";
import { computeRequest, PROJECT, TOKEN } from "./compute-line.js";
import { clientsOf, context, permitFor, providerOf, simulated, thrownBy } from "./simulated-line.js";

/** The documented timings in seconds, given for milliseconds. */
const SECONDS = {
  maxRequestLifetimeMs: GCP_TIMING.maxRequestLifetimeMs / 1_000,
  visibilityLagMs: GCP_TIMING.visibilityLagMs / 1_000,
  clockSkewMs: GCP_TIMING.clockSkewMs / 1_000,
};

/** Clients that send to the simulator, and do not say where they send. */
async function wrappedClients() {
  const { simulator } = await simulated();
  const clients = clientsOf(simulator);
  const { get, insert } = clients.commitments;
  const commitments = { get: get.bind(clients.commitments), insert: insert.bind(clients.commitments) };
  return { simulator, clients: { ...clients, commitments } };
}

/** Everything that a provider can be asked. */
const calls = (clients: GcpClients, options: Partial<GcpProviderOptions>) => {
  const provider = providerOf(clients, options);
  return {
    lookup: () => provider.lookup(computeRequest(), TOKEN, context()),
    prepare: () => provider.prepare(computeRequest(), TOKEN, context()),
    purchase: () => provider.purchase(permitFor(), context()),
  };
};

describe("timings in seconds", () => {
  test("are refused by every call of an adapter that may talk to Google, before anything is sent", async () => {
    const { simulator, clients } = await wrappedClients();
    const { lookup, prepare, purchase } = calls(clients, { timing: SECONDS });
    const said = "maxRequestLifetimeMs is 3600, at least 3600000 is needed";
    expect((await thrownBy(lookup())).message).toContain(said);
    expect((await thrownBy(prepare())).message).toContain(said);
    expect(await purchase()).toMatchObject({ kind: "not_sent", reason: expect.stringContaining("timing is in") });
    expect(await simulator.ledger.requests()).toEqual([]);
  });

  test("are refused one by one, and every longer one is taken", async () => {
    const { clients } = await wrappedClients();
    for (const [name, documented] of Object.entries(GCP_TIMING)) {
      const refused = calls(clients, { timing: { [name]: documented - 1 } });
      expect((await thrownBy(refused.lookup())).message, name).toContain(`${name} is ${documented - 1}`);
      for (const ms of [documented, 10 * documented])
        expect(await calls(clients, { timing: { [name]: ms } }).lookup(), name).toBeUndefined();
    }
  });

  test("are taken where the danger is stated", async () => {
    const { clients } = await wrappedClients();
    const { lookup, purchase } = calls(clients, { timing: SECONDS, shortenedTimingForSimulators: true });
    expect(await lookup()).toBeUndefined();
    expect((await purchase()).kind).toBe("committed");
  });

  test("are taken where Google's own client was made for another endpoint", async () => {
    const { simulator } = await simulated();
    const { lookup, purchase } = calls(clientsOf(simulator), { timing: SECONDS });
    expect(await lookup()).toBeUndefined();
    expect((await purchase()).kind).toBe("committed");
  });
});

describe("the endpoint of a client", () => {
  /** Google's own client, as somebody made it. */
  function made(options: ConstructorParameters<typeof RegionCommitmentsClient>[0]): RegionCommitmentsClient {
    const credentials = { client_email: "a@b.example", private_key: "none" };
    const client = new RegionCommitmentsClient({ projectId: PROJECT, credentials, ...options });
    onTestFinished(() => client.close());
    return client;
  }

  test.each([
    {},
    { apiEndpoint: "compute.googleapis.com" },
    { apiEndpoint: "COMPUTE.GOOGLEAPIS.COM" },
    { apiEndpoint: "compute.googleapis.com." },
    { apiEndpoint: "compute.googleapis.com:443" },
    { apiEndpoint: "compute-mine.p.googleapis.com" },
    { servicePath: "compute.us-central1.rep.googleapis.com" },
    { universeDomain: "cloud.example" },
    { universeDomain: "cloud.example", apiEndpoint: "compute-mine.p.cloud.example" },
  ])("is Google's own by %j", (options) => {
    expect(hasCustomEndpoint(made(options))).toBe(false);
  });

  test.each([
    { apiEndpoint: "127.0.0.1", port: 9_999 },
    { apiEndpoint: "localhost" },
    { servicePath: "simulator.example" },
    { apiEndpoint: "compute.googleapis.com.simulator.example" },
  ])("is a custom one by %j", (options) => {
    expect(hasCustomEndpoint(made(options))).toBe(true);
  });

  test.each([
    undefined,
    {},
    { apiEndpoint: "127.0.0.1" },
    { _opts: {} },
    { _opts: { servicePath: "" } },
    { _opts: { apiEndpoint: "127.0.0.1" } },
  ])("counts as Google's own where a client does not say it: %j", (client) => {
    expect(hasCustomEndpoint(client)).toBe(false);
  });
});

describe("the options of the adapter", () => {
  const clientFor = () => Promise.reject(new Error("no clients"));
  /** Options as a caller without types may give them. */
  const given = (more: Readonly<Record<string, unknown>>) => ({ clientFor, ...more }) as GcpProviderOptions;

  test.each<[Readonly<Record<string, unknown>>, path: string, meant: string]>([
    [{ pollforMs: 1 }, "pollforMs", "pollForMs"],
    [{ shortenedTimingForSimulator: true }, "shortenedTimingForSimulator", "shortenedTimingForSimulators"],
    [{ maxPage: 1 }, "maxPage", "maxPages"],
    [{ timing: { visibilityLag: 9e9 } }, "visibilityLag", "visibilityLagMs"],
    [{ endpoint: "https://compute.googleapis.com" }, "endpoint", ""],
  ])("take none that nobody reads: %j", (more, path, meant) => {
    const making = () => gcpCommittedUseDiscounts(given(more));
    expect(making).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
    expect(making).toThrow(path);
    if (meant !== "") expect(making).toThrow(`did you mean "${meant}"?`);
  });

  test.each([
    ["requestTimeoutMs", 2 ** 31],
    ["requestTimeoutMs", 0],
    ["pollEveryMs", 2 ** 31],
    ["pollForMs", -1],
    ["maxPages", 0],
    ["timing", { clockSkewMs: Number.NaN }],
    ["timing", { clockSkewMs: "60000" }],
    ["timing", { clockSkewMs: undefined }],
    ["clientFor", undefined],
    ["shortenedTimingForSimulators", "true"],
    ["shortenedTimingForSimulators", 1],
  ])("take no %s of %j", (name, value) => {
    expect(() => gcpCommittedUseDiscounts(given({ [name]: value }))).toThrow(
      expect.objectContaining({ code: "INVALID_REQUEST" }),
    );
  });

  test("take the longest time limit that a timer can wait, and do not end at once by it", async () => {
    const { simulator } = await simulated();
    const provider = providerOf(clientsOf(simulator), { requestTimeoutMs: 2 ** 31 - 1 });
    expect(await provider.lookup(computeRequest(), TOKEN, context())).toBeUndefined();
  });
});
