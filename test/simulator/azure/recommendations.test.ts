import { connectAzureSimulator } from "buyonce/simulator";
import { describe, expect, test } from "vitest";
import { RECOMMENDATION_MODELS } from "../../support/azure-recommendation-models.js";
import { OTHER_SUBSCRIPTION, SUBSCRIPTION, simulatedAzure } from "./simulated-azure.js";

type Simulator = Awaited<ReturnType<typeof simulatedAzure>>;

const USAGE = {
  kind: "units",
  subscription: SUBSCRIPTION,
  reservedResourceType: "VirtualMachines",
  sku: "Standard_B2s",
  location: "westus",
  units: 3,
} as const;

async function get({ url, credentialFor }: Pick<Simulator, "url" | "credentialFor">, path: string, filter = "") {
  const { token } = await credentialFor(SUBSCRIPTION).getToken();
  const query = new URLSearchParams({ "api-version": "2024-08-01", ...(filter && { $filter: filter }) });
  const response = await fetch(path.startsWith("http") ? path : `${url}${path}?${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const text = await response.text();
  const body = text === "" ? undefined : (JSON.parse(text) as { value: readonly unknown[]; nextLink?: string });
  const [, model] = RECOMMENDATION_MODELS.find(([pattern]) => pattern.test(new URL(response.url).pathname)) ?? [];
  if (response.status === 200) expect(model?.safeParse(body).error?.issues ?? []).toEqual([]);
  return { status: response.status, body };
}

const reservations = (subscription: string = SUBSCRIPTION) =>
  `/subscriptions/${subscription}/providers/Microsoft.Consumption/reservationRecommendations`;
const plans = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.CostManagement/benefitRecommendations`;

describe("recommendations of reservations", () => {
  test("are of the documented shape, by pages whose links keep the filter", async () => {
    for (const recommendationKind of ["legacy", "modern"] as const) {
      const simulator = await simulatedAzure({ pageSize: 1, recommendationKind });
      await simulator.usage.set(USAGE);
      const first = await get(simulator, reservations(), "properties/scope eq 'Shared'");
      expect(first).toMatchObject({ status: 200, body: { value: [{ properties: { term: "P1Y", scope: "Shared" } }] } });
      const second = await get(simulator, first.body?.nextLink ?? "");
      expect(second).toMatchObject({ body: { value: [{ properties: { term: "P3Y", scope: "Shared" } }] } });
      expect(second.body).not.toHaveProperty("nextLink");
    }
  });

  test("are 204 without usage, and refused without a right or for a filter that is not documented", async () => {
    const simulator = await simulatedAzure();
    expect(await get(simulator, reservations())).toEqual({ status: 204, body: undefined });
    expect((await get(simulator, reservations(OTHER_SUBSCRIPTION))).status).toBe(403);
    for (const filter of ["properties/scope eq 'All'", "properties/color eq 'red'", "scope = Shared"])
      expect((await get(simulator, reservations(), filter)).status).toBe(400);
  });
});

describe("recommendations of savings plans", () => {
  test("are for what is spent, and empty without it", async () => {
    const simulator = await simulatedAzure();
    expect(await get(simulator, plans)).toEqual({ status: 200, body: { value: [] } });
    await simulator.usage.set({ kind: "spend", subscription: SUBSCRIPTION, hourly: 4 });
    const filter = "properties/term eq 'P1Y' AND properties/lookBackPeriod eq 'Last7Days'";
    expect(await get(simulator, plans, filter)).toMatchObject({
      body: {
        value: [
          {
            properties: {
              term: "P1Y",
              scope: "Shared",
              totalHours: 168,
              costWithoutBenefit: 672,
              recommendationDetails: {
                commitmentAmount: 3,
                benefitCost: 504,
                savingsAmount: 168,
                savingsPercentage: 25,
              },
            },
          },
        ],
      },
    });
  });
});

test("the controls of usage and subscriptions work from another process", async () => {
  const simulator = connectAzureSimulator((await simulatedAzure()).url);
  await simulator.usage.set(USAGE);
  await simulator.usage.set({ ...USAGE, units: 1 });
  expect(await simulator.usage.list()).toEqual([{ ...USAGE, units: 1 }]);
  const state = { subscriptionId: SUBSCRIPTION, state: "Warned" } as const;
  await simulator.subscriptions.set(state);
  expect(await simulator.subscriptions.list()).toEqual([state]);
  expect(await get(simulator, "/subscriptions")).toMatchObject({ body: { value: [state] } });
  await expect(simulator.usage.set({ ...USAGE, units: -1 })).rejects.toThrow(TypeError);
  await expect(simulator.subscriptions.set({ ...state, subscriptionId: "x" })).rejects.toThrow(TypeError);
});
