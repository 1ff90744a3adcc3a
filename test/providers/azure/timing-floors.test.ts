import { describe, expect, test } from "vitest";
import { AZURE_TIMING, type AzureProviderOptions } from "../../../src/providers/azure/azure-provider-options.js";
import { azureReservations } from "../../../src/providers/azure/azure-reservations.js";
import { azureSavingsPlans } from "../../../src/providers/azure/azure-savings-plans.js";
import { ADAPTERS, azureCloud, bought } from "./azure-cloud.js";

/** The documented timings of Azure in seconds, given for milliseconds. */
const SECONDS = {
  maxRequestLifetimeMs: AZURE_TIMING.maxRequestLifetimeMs / 1_000,
  visibilityLagMs: AZURE_TIMING.visibilityLagMs / 1_000,
  clockSkewMs: AZURE_TIMING.clockSkewMs / 1_000,
};

const CONSTRUCTORS: readonly (readonly [string, (options: AzureProviderOptions) => unknown])[] = [
  ["reservations under an alias", azureReservations],
  ["reservations of calculated orders", (options) => azureReservations({ ...options, flow: "calculated" })],
  ["savings plans", azureSavingsPlans],
];

const clientFor = () => Promise.reject(new Error("no client"));

/** Options as a caller without types may give them. */
const given = (more: Readonly<Record<string, unknown>>) => ({ clientFor, ...more }) as AzureProviderOptions;

describe.each(CONSTRUCTORS)("an adapter of %s", (_what, create) => {
  test("takes no timings in seconds, and says what it needs instead", () => {
    const making = () => create({ clientFor, timing: SECONDS });
    expect(making).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
    expect(making).toThrow("maxRequestLifetimeMs is 5400, at least 5400000 is needed");
    expect(making).toThrow("shortenedTimingForSimulators: true");
  });

  test.each(["maxRequestLifetimeMs", "visibilityLagMs", "clockSkewMs"] as const)(
    "takes no %s below the documented one, and every one from there on",
    (name) => {
      const documented = AZURE_TIMING[name];
      expect(() => create({ clientFor, timing: { [name]: documented - 1 } })).toThrow(
        expect.objectContaining({ code: "INVALID_REQUEST" }),
      );
      expect(() => create({ clientFor, timing: { [name]: 0 } })).toThrow(
        expect.objectContaining({ code: "INVALID_REQUEST" }),
      );
      for (const ms of [documented, documented + 1, 10 * documented])
        expect(create({ clientFor, timing: { [name]: ms } })).toMatchObject({ idempotency: { [name]: ms } });
    },
  );

  test("takes shorter ones where the danger is stated, and not where anything else is", () => {
    const idempotency = SECONDS;
    expect(create({ clientFor, timing: SECONDS, shortenedTimingForSimulators: true })).toMatchObject({ idempotency });
    for (const stated of [false, "true", 1])
      expect(() => create(given({ timing: SECONDS, shortenedTimingForSimulators: stated }))).toThrow(
        expect.objectContaining({ code: "INVALID_REQUEST" }),
      );
  });

  test.each([
    "https://management.azure.com",
    "https://MANAGEMENT.AZURE.COM",
    "https://management.azure.com:443",
    "https://management.azure.com:8443",
    "https://management.azure.com.",
    "https://westeurope.management.azure.com",
    "https://management.chinacloudapi.cn",
    "https://management.usgovcloudapi.net",
    "https://management.microsoftazure.de",
  ])("takes none at %s, which is Azure itself", (endpoint) => {
    expect(() => create({ clientFor, timing: SECONDS, endpoint })).toThrow(
      expect.objectContaining({ code: "INVALID_REQUEST" }),
    );
    expect(() => create({ clientFor, endpoint })).not.toThrow();
  });

  test.each([
    "https://simulator.example",
    "https://127.0.0.1:9999",
    "https://localhost",
    "https://management.azure.com.example",
    "https://notmanagement.azure.com",
  ])("takes them at %s, which is not Azure", (endpoint) => {
    expect(create({ clientFor, timing: SECONDS, endpoint })).toMatchObject({ idempotency: SECONDS });
  });

  test.each<[Readonly<Record<string, unknown>>, path: string, meant: string]>([
    [{ endPoint: "https://simulator.example" }, "endPoint", "endpoint"],
    [{ pollforMs: 1 }, "pollforMs", "pollForMs"],
    [{ shortenedTimingForSimulator: true }, "shortenedTimingForSimulator", "shortenedTimingForSimulators"],
    [{ timing: { visibilityLag: 9e9 } }, "visibilityLag", "visibilityLagMs"],
    [{ timing: { windowMs: 0 } }, "windowMs", ""],
  ])("takes no option that nobody reads: %j", (more, path, meant) => {
    const making = () => create(given(more));
    expect(making).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
    expect(making).toThrow(path);
    if (meant !== "") expect(making).toThrow(`did you mean "${meant}"?`);
  });

  test.each([
    ["requestTimeoutMs", 2 ** 31],
    ["pollEveryMs", 2 ** 31],
    ["pollForMs", 101 * 365 * 86_400_000],
    ["timing", { clockSkewMs: Number.POSITIVE_INFINITY }],
    ["timing", { clockSkewMs: "60000" }],
    ["timing", { clockSkewMs: undefined }],
    ["clientFor", undefined],
    ["clientFor", {}],
  ])("takes no %s of %j", (name, value) => {
    expect(() => create(given({ [name]: value }))).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
  });
});

test("an adapter of savings plans has no flow to choose", () => {
  expect(() => azureSavingsPlans(given({ flow: "alias" }))).toThrow(
    expect.objectContaining({ code: "INVALID_REQUEST" }),
  );
});

test.each(ADAPTERS)("$name are bought at a custom endpoint with shorter timings", async (adapter) => {
  const cloud = await azureCloud();
  const { provider } = adapter.over(cloud, {
    provider: { endpoint: "https://simulator.example", timing: { maxRequestLifetimeMs: 1_000 } },
  });
  expect((await bought(provider, adapter.request)).outcome.kind).toBe("committed");
  expect(provider.idempotency.maxRequestLifetimeMs).toBe(1_000);
});
