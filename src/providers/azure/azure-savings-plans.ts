import type { AzureSavingsPlansRequest } from "../../domain/commitment-request/azure-savings-plans.js";
import { checkKeys } from "../../domain/options.js";
import type { CommitmentProvider } from "../commitment-provider.js";
import { AZURE_OPTION_KEYS, type AzureProviderOptions } from "./azure-provider-options.js";
import { planBody, planNeedKey, quotePlan, readAlias } from "./azure-savings-plans/savings-plan.js";
import { orderAliases } from "./order-aliases.js";
import { API_VERSION } from "./spelling.js";

const BENEFITS = "/providers/Microsoft.BillingBenefits";

/**
 * Buys Azure savings plans under an alias that the adapter names: contract `caller-named`. They are for compute, unless
 * a line names another SKU.
 *
 * Azure checks each purchase beforehand, at no cost. A plan can be neither canceled nor refunded. Needs
 * `Microsoft.BillingBenefits/savingsPlanOrderAliases/read` and `write`, `savingsPlanOrders/read`, `validate/action`,
 * and the right to buy on the billing subscription. The rights to read must be granted for the tenant, see
 * {@link checkAzureAccess}.
 */
export function azureSavingsPlans(options: AzureProviderOptions): CommitmentProvider<AzureSavingsPlansRequest> {
  checkKeys("options", options, AZURE_OPTION_KEYS);
  return orderAliases(options, {
    service: "azure.savings-plans",
    what: "savings plans",
    needKey: planNeedKey,
    aliasPath: (name) => `${BENEFITS}/savingsPlanOrderAliases/${name}?api-version=${API_VERSION}`,
    orderPath: (orderId) => `${BENEFITS}/savingsPlanOrders/${encodeURIComponent(orderId)}?api-version=${API_VERSION}`,
    body: planBody,
    readAlias,
    quote: quotePlan,
  });
}
