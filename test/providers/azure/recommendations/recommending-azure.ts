import { AzureReservationAPI } from "@azure/arm-reservations";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { AzureSimulatorOptions } from "buyonce/simulator";
import { expect } from "vitest";
import type { CommitmentRequest } from "../../../../src/domain/commitment-request/commitment-request.js";
import { silentLogger } from "../../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../../src/engine/purchase-engine.js";
import { azureReservations } from "../../../../src/providers/azure/azure-reservations.js";
import { azureSavingsPlans } from "../../../../src/providers/azure/azure-savings-plans.js";
import type { RecommendationSource } from "../../../../src/providers/recommendation-source.js";
import type { CollectionOptions } from "../../../../src/recommendations/fan-out/collection-options.js";
import { collectRecommendations } from "../../../../src/recommendations/index.js";
import { memoryStore } from "../../../../src/stores/memory/memory-store.js";
import { RECOMMENDATION_MODELS } from "../../../support/azure-recommendation-models.js";
import { UNGUARDED } from "../../../support/unguarded.js";
import { azureCloud } from "../azure-cloud.js";
import { OTHER_SUBSCRIPTION, SUBSCRIPTION } from "../azure-lines.js";

/** A simulator, and sources over real clients whose answers are held against the documented models. */
export async function recommendingAzure(options: Omit<AzureSimulatorOptions, "clock"> = {}) {
  const { simulator, clock } = await azureCloud(options);
  const client = new AzureReservationAPI(simulator.credentialFor(SUBSCRIPTION, OTHER_SUBSCRIPTION), {
    httpClient: simulator.httpClient,
  });
  const access = { clientFor: () => client, httpClient: modelled(simulator.httpClient) };
  const store = memoryStore({ clock });
  const engine = createPurchaseEngine({
    ...UNGUARDED,
    store,
    providers: [azureReservations({ ...access, pollForMs: 0 }), azureSavingsPlans({ ...access, pollForMs: 0 })],
    clock,
    logger: silentLogger,
  });
  return {
    simulator,
    access,
    client,
    collect: (source: RecommendationSource, more: Partial<CollectionOptions> = {}, accounts = [SUBSCRIPTION]) =>
      collectRecommendations({ sources: [{ source, accounts }], logger: silentLogger, firstWaitMs: 1, ...more }),
    /** States that the subscription uses these units. */
    uses: (units: number, of: { reservedResourceType?: string; sku?: string; subscription?: string } = {}) =>
      simulator.usage.set({
        kind: "units",
        subscription: SUBSCRIPTION,
        reservedResourceType: "VirtualMachines",
        sku: "Standard_D2s_v3",
        location: "westeurope",
        units,
        ...of,
      }),
    spends: (hourly: number) => simulator.usage.set({ kind: "spend", subscription: SUBSCRIPTION, hourly }),
    /** Submits, approves and runs the lines, and returns the status of the execution. */
    async buy(lines: readonly CommitmentRequest[]) {
      const { id } = await engine.submit({ requestKey: `basket of ${lines.length}`, createdBy: "ann", lines });
      await engine.approve(id, { approvedBy: "bob" });
      return (await engine.run(id)).status;
    },
    requests: async (operation: string) =>
      (await simulator.ledger.requests()).filter((request) => request.operation === operation),
  };
}

/** Fails the test for an answer that is not as documented. */
const modelled = (client: HttpClient): HttpClient => ({
  async sendRequest(request) {
    const response = await client.sendRequest(request);
    const { pathname } = new URL(request.url);
    const [, model] = RECOMMENDATION_MODELS.find(([path]) => path.test(pathname)) ?? [];
    const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
    if (model !== undefined && response.status === 200 && isJson && response.bodyAsText)
      expect(model.safeParse(JSON.parse(response.bodyAsText)).error?.issues ?? []).toEqual([]);
    return response;
  },
});

/** An HTTP client that changes the answers of another. */
export const changedAnswers = (client: HttpClient, change: (body: string) => string): HttpClient => ({
  async sendRequest(request) {
    const response = await client.sendRequest(request);
    return { ...response, bodyAsText: change(response.bodyAsText ?? "") };
  },
});
