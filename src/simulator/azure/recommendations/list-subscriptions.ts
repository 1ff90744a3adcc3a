import { deterministicId } from "../../deterministic-id.js";
import type { AzureOperation } from "../azure-service.js";
import type { AzureWorld } from "../azure-world.js";
import { pageWithQuery } from "./page-with-query.js";

/** Lists the subscriptions of the caller: those of its token, or all whose state was set. */
export function listSubscriptions({ subscriptions, settings }: AzureWorld): AzureOperation {
  return {
    name: "ListSubscriptions",
    service: "azure.subscriptions",
    method: "GET",
    path: "/subscriptions",
    run(call) {
      const ids = call.principal.subscriptions ?? subscriptions.list().map(({ subscriptionId }) => subscriptionId);
      const items = ids.map((subscriptionId) => ({
        id: `/subscriptions/${subscriptionId}`,
        subscriptionId,
        displayName: `Subscription ${subscriptionId.slice(0, 8)}`,
        tenantId: deterministicId("tenant"),
        state: subscriptions.stateOf(subscriptionId),
        authorizationSource: "RoleBased",
        subscriptionPolicies: { locationPlacementId: "Public_2014-09-01", quotaId: "PayAsYouGo", spendingLimit: "Off" },
      }));
      return { status: 200, body: pageWithQuery(items, call, settings) };
    },
  };
}
