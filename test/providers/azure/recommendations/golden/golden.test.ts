import { AzureReservationAPI } from "@azure/arm-reservations";
import type { HttpClient, PipelineRequest } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { azureReservationRecommendations } from "../../../../../src/providers/azure/recommendations/azure-reservation-recommendations.js";
import { azureSavingsPlanRecommendations } from "../../../../../src/providers/azure/recommendations/azure-savings-plan-recommendations.js";
import { azureSubscriptions } from "../../../../../src/providers/azure/recommendations/azure-subscriptions.js";
import { chaptersOf, expectGolden, type Step, shownOperations } from "../../../golden-file.js";
import { type RecordedSource, sourceSteps } from "../../../recorded-sources.js";
import { azureCloud } from "../../azure-cloud.js";
import { SUBSCRIPTION } from "../../azure-lines.js";
import { wireText } from "../../golden/wire-text.js";

/*
 * The requests of every source, as they leave the real clients of the SDK, are kept in the file beside this one.
 * To write it anew: BUYONCE_REWRITE_GOLDEN=1 npx vitest run --project sources test/providers/azure/recommendations/golden
 */
const file = new URL("./azure.recommendations.http", import.meta.url);

interface Access {
  readonly client: AzureReservationAPI;
  readonly httpClient: HttpClient;
}

interface Scenario {
  readonly name: string;
  readonly asked: (access: Access) => RecordedSource["asked"];
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: "azure.reservations",
    asked: ({ client, httpClient }) =>
      azureReservationRecommendations({
        ...{ clientFor: () => client, httpClient, calculatePrices: true },
        ...{ resourceTypes: ["VirtualMachines"], terms: ["1yr"] },
      }),
  },
  {
    name: "azure.savings-plans",
    asked: ({ client, httpClient }) => azureSavingsPlanRecommendations({ clientFor: () => client, httpClient }),
  },
  {
    name: "azure.subscriptions",
    asked: ({ client, httpClient }) => azureSubscriptions({ client: () => client, httpClient }),
  },
];

async function stepsOf({ asked }: Scenario): Promise<readonly Step[]> {
  const { simulator } = await azureCloud();
  const of = { subscription: SUBSCRIPTION, reservedResourceType: "VirtualMachines", location: "westeurope" };
  await simulator.usage.set({ kind: "units", ...of, sku: "Standard_D2s_v3", units: 4 });
  await simulator.usage.set({ kind: "spend", subscription: SUBSCRIPTION, hourly: 2 });
  const requests: PipelineRequest[] = [];
  const httpClient: HttpClient = {
    sendRequest(sent) {
      requests.push(sent);
      return simulator.httpClient.sendRequest(sent);
    },
  };
  const client = new AzureReservationAPI(simulator.credentialFor(SUBSCRIPTION), { httpClient });
  return sourceSteps({
    asked: asked({ client, httpClient }),
    account: SUBSCRIPTION,
    ledger: simulator.ledger,
    texts: () => requests.map(wireText),
  });
}

test("each source sends what the golden file says", async () => {
  expectGolden(file, await chaptersOf(SCENARIOS, stepsOf));
});

test("the golden file shows every operation of a source", () => {
  expect([...shownOperations(file)].sort()).toEqual([
    "CalculatePrice",
    "ListBenefitRecommendations",
    "ListReservationRecommendations",
    "ListSubscriptions",
  ]);
});
