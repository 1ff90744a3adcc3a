import type { AzureOperation } from "../azure-service.js";
import { OrderAliases } from "../orders/order-aliases.js";
import {
  placeSavingsPlan,
  type SavingsPlanOrder,
  type SavingsPlanShop,
  savingsPlanOrderPath,
} from "./savings-plan-order.js";
import { readSavingsPlanRequest } from "./savings-plan-request.js";

/** Buys a savings plan under a name of the buyer's, and finds it again by that name. */
export function savingsPlanOrderAlias(shop: SavingsPlanShop): AzureOperation[] {
  const aliases = new OrderAliases(shop.world, {
    type: "savingsPlanOrderAliases",
    nameId: "savingsPlanOrderAliasName",
    firstAnswer: shop.world.settings.savingsPlanFirstAnswer,
  });
  const common = {
    service: "azure.savings-plans",
    path: "/providers/Microsoft.BillingBenefits/savingsPlanOrderAliases/{savingsPlanOrderAliasName}",
  } as const;
  return [
    {
      ...common,
      name: "PutSavingsPlanOrderAlias",
      method: "PUT",
      run(call) {
        const request = readSavingsPlanRequest(call.body, call, shop.world);
        return aliases.put(call, (token) => shownBy(placeSavingsPlan({ request, token }, call, shop)));
      },
    },
    { ...common, name: "GetSavingsPlanOrderAlias", method: "GET", run: (call) => aliases.get(call) },
  ];
}

/** What the alias shows: what is not set is `null`. */
function shownBy({ id, request }: SavingsPlanOrder): object {
  const { sku, properties } = request.body;
  return {
    sku: { name: sku.name },
    properties: {
      savingsPlanOrderId: savingsPlanOrderPath(id),
      billingScopeId: properties.billingScopeId,
      billingPlan: properties.billingPlan ?? null,
      appliedScopeProperties: properties.appliedScopeProperties ?? null,
      commitment: properties.commitment,
      appliedScopeType: properties.appliedScopeType,
      displayName: properties.displayName ?? null,
      // No recording shows it of a plan, so it stands here only where it was sent.
      ...(properties.renew !== undefined && { renew: properties.renew }),
      provisioningState: "Created",
      term: request.term,
    },
  };
}
