import type { Fault } from "buyonce/simulator";
import { describe, expect, test } from "vitest";
import type { AzureClient } from "../../../../src/providers/azure/azure-client.js";
import { azureReservationRecommendations } from "../../../../src/providers/azure/recommendations/azure-reservation-recommendations.js";
import { azureSavingsPlanRecommendations } from "../../../../src/providers/azure/recommendations/azure-savings-plan-recommendations.js";
import { azureSourceFault } from "../../../../src/providers/azure/recommendations/azure-source-fault.js";
import { azureSubscriptions } from "../../../../src/providers/azure/recommendations/azure-subscriptions.js";
import { OTHER_SUBSCRIPTION, SUBSCRIPTION } from "../azure-lines.js";
import { changedAnswers, recommendingAzure } from "./recommending-azure.js";

const RESERVATIONS = "ListReservationRecommendations";
const ELSEWHERE = "33333333-3333-4333-8333-333333333333";

/** Two parts, of which the second has two pages. */
async function twoParts() {
  const azure = await recommendingAzure({ pageSize: 1 });
  await azure.uses(2);
  await azure.uses(1, { reservedResourceType: "RedHat", sku: "RHEL_1_4_vCPU" });
  const options = { ...azure.access, resourceTypes: ["RedHat", "VirtualMachines"], terms: ["1yr"] } as const;
  return { azure, options, source: azureReservationRecommendations(options) };
}

describe("a failure", () => {
  test("of a page fails its part as a whole, and costs no other", async () => {
    const { azure, source } = await twoParts();
    await azure.simulator.faults.add({
      operation: RESERVATIONS,
      kind: "error",
      code: "BadRequest",
      status: 400,
      match: { params: { $skiptoken: "1" } },
    });
    const { recommendations, failures } = await azure.collect(source, { parallelism: { calls: 1 } });
    expect(recommendations.map(({ title }) => title)).toEqual(["2 x Standard_D2s_v3 (VirtualMachines)"]);
    expect(failures).toEqual([
      {
        place: { source: "azure.reservations", account: SUBSCRIPTION, about: "RedHat single 30 days" },
        kind: "refused",
        message: "ArmError: BadRequest: BadRequest",
      },
    ]);
  });

  test.each<[string, Omit<Extract<Fault, { kind: "error" }>, "operation" | "kind"> | "garbage-body", string]>([
    ["no right", { code: "AuthorizationFailed", status: 403 }, "denied"],
    ["no token", { code: "InvalidAuthenticationToken", status: 401 }, "denied"],
    ["no JSON", "garbage-body", "unreadable"],
  ])("of all parts (%s) is an error", async (_, fault, kind) => {
    const { azure, source } = await twoParts();
    const planned = fault === "garbage-body" ? { kind: fault } : { kind: "error" as const, ...fault };
    await azure.simulator.faults.add({ operation: RESERVATIONS, times: 2, ...planned } as Fault);
    const failed = azure.collect(source);
    await expect(failed).rejects.toMatchObject({ code: "COLLECTION_FAILED" });
    await expect(failed).rejects.toMatchObject({ details: { failures: [{ kind }, { kind }] } });
    expect(await azure.requests(RESERVATIONS)).toHaveLength(2);
  });

  test("to reach one subscription leaves the data of the others", async () => {
    const { azure, source } = await twoParts();
    const accounts = [OTHER_SUBSCRIPTION, ELSEWHERE, SUBSCRIPTION];
    const { recommendations, failures } = await azure.collect(source, {}, accounts);
    expect(recommendations).toHaveLength(2);
    expect(failures.map(({ place, kind }) => [place.account, kind])).toEqual([
      [ELSEWHERE, "denied"],
      [ELSEWHERE, "denied"],
    ]);
  });

  test("of the network or of Azure is tried again, and by the collection alone", async () => {
    const { azure, options, source } = await twoParts();
    await azure.simulator.faults.add({ operation: RESERVATIONS, kind: "reset-before" });
    await azure.simulator.faults.add({ operation: RESERVATIONS, kind: "error-500-before" });
    await azure.simulator.faults.add({ operation: RESERVATIONS, kind: "slow-before", ms: 10_000 });
    expect((await azure.collect(source, { requestTimeoutMs: 500 })).failures).toEqual([]);
    await azure.simulator.faults.add({ operation: RESERVATIONS, kind: "error-500-before", times: 2 });
    const before = (await azure.requests(RESERVATIONS)).length;
    await expect(azure.collect(source, { attempts: 1 })).rejects.toMatchObject({ code: "COLLECTION_FAILED" });
    expect(await azure.requests(RESERVATIONS)).toHaveLength(before + 2);
    await azure.simulator.faults.add({ operation: RESERVATIONS, kind: "slow-before", ms: 10_000 });
    const slow = azureReservationRecommendations({ ...options, resourceTypes: ["RedHat"] });
    await expect(azure.collect(slow, { attempts: 1, requestTimeoutMs: 50 })).rejects.toMatchObject({
      details: { failures: [{ kind: "unavailable", message: expect.stringContaining("within 50 ms") }] },
    });
  });

  test("by throttling waits as long as the API asks", async () => {
    const { azure, options } = await twoParts();
    await azure.spends(1);
    await azure.simulator.faults.add({ operation: RESERVATIONS, kind: "throttle" });
    await azure.simulator.faults.add({ operation: "ListBenefitRecommendations", kind: "throttle" });
    const waits: (number | undefined)[] = [];
    for (const source of [azureReservationRecommendations(options), azureSavingsPlanRecommendations(azure.access)]) {
      const [first] = await source.parts(SUBSCRIPTION, CONTEXT);
      const fault = await first?.collect(CONTEXT).catch(source.faultOf);
      expect(fault).toMatchObject({ kind: "throttled" });
      waits.push((fault as { retryAfterMs?: number }).retryAfterMs);
    }
    expect(waits).toEqual([1_000, 1_000]);
  });

  test("of the credential is a denial", () => {
    const named = (name: string) => Object.assign(new Error("no token"), { name });
    expect(azureSourceFault(named("CredentialUnavailableError"))).toEqual({ kind: "denied" });
    expect(azureSourceFault(named("RestError"))).toEqual({ kind: "unavailable" });
    expect(azureSourceFault("odd")).toEqual({ kind: "unreadable" });
  });
});

describe("a link to the next page", () => {
  test("to another host is not followed", async () => {
    const { azure, options } = await twoParts();
    const httpClient = changedAnswers(azure.simulator.httpClient, (body) =>
      body.replaceAll("https://management.azure.com/", "https://management.example/"),
    );
    const failed = azure.collect(azureReservationRecommendations({ ...options, httpClient }));
    await expect(failed).rejects.toThrow("a link leads to https://management.example");
    expect(await azure.requests(RESERVATIONS)).toHaveLength(2);
  });

  test("that comes again ends the listing with an error", async () => {
    const { azure, source } = await twoParts();
    await azure.simulator.faults.add({ operation: RESERVATIONS, kind: "repeat-page-token", times: 4 });
    await expect(azure.collect(source)).rejects.toThrow("answered the same page token twice");
  });
});

describe("the directory of subscriptions", () => {
  const directoryOf = (azure: { readonly client: AzureClient; readonly access: object }) =>
    azureSubscriptions({ client: () => azure.client, ...httpOf(azure.access) });

  test("lists those that are enabled, sorted, and the collection asks them", async () => {
    const azure = await recommendingAzure({ pageSize: 1 });
    await azure.uses(2, { subscription: OTHER_SUBSCRIPTION });
    await azure.simulator.subscriptions.set({ subscriptionId: SUBSCRIPTION, state: "Disabled" });
    const directory = directoryOf(azure);
    expect(await directory.accounts(CONTEXT)).toEqual([OTHER_SUBSCRIPTION]);
    await azure.simulator.subscriptions.set({ subscriptionId: SUBSCRIPTION, state: "Enabled" });
    expect(await directory.accounts(CONTEXT)).toEqual([SUBSCRIPTION, OTHER_SUBSCRIPTION]);
  });

  test("that is denied is a failure", async () => {
    const azure = await recommendingAzure();
    const fault = { kind: "error", code: "AuthorizationFailed", status: 403 } as const;
    await azure.simulator.faults.add({ operation: "ListSubscriptions", ...fault });
    const directory = directoryOf(azure);
    await expect(directory.accounts(CONTEXT).catch(directory.faultOf)).resolves.toEqual({ kind: "denied" });
    expect(() => azureSubscriptions({} as never)).toThrow("must be a function");
  });
});

const httpOf = (access: object) => ({ httpClient: Reflect.get(access, "httpClient") });

/** Calls without limits and waits. */
const CONTEXT = {
  signal: new AbortController().signal,
  logger: { debug() {}, info() {}, warn() {}, error() {} },
  call: <Answer>(_: string, send: (signal: AbortSignal) => Promise<Answer>) => send(new AbortController().signal),
};
