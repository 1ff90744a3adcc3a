import { BillingBenefitsRP } from "@azure/arm-billingbenefits";
import { azureSavingsPlans } from "../../../../src/providers/azure/azure-savings-plans.js";
import { planRequest, SUBSCRIPTION } from "../azure-lines.js";
import type { AzureServiceUnderTest } from "./azure-fixture.js";

/** Savings plans. */
export const SAVINGS_PLANS: AzureServiceUnderTest<BillingBenefitsRP> = {
  Client: BillingBenefitsRP,
  provider: azureSavingsPlans,
  purchase: "PutSavingsPlanOrderAlias",
  lookups: ["GetSavingsPlanOrderAlias", "GetSavingsPlanOrder"],
  onItsWay: ["Creating", "PendingBilling", "ConfirmedBilling", "Created"],
  bought: ["Succeeded"],
  dead: ["Cancelled", "Expired", "Failed"],
  cannot: {
    stranger: "the subscription travels in each purchase, whoever sends it",
    unsold: "one product is sold, everywhere and in any size",
    queue: "the service does not queue",
    lane: "plans are told apart by their name",
  },
  leavesOut: { lane: 5, queue: 5, stranger: 3, unsold: 1 },
  request: planRequest(),
  different: planRequest({ hourlyCommitment: "0.75", expectedPrice: { amount: "6570", currency: "USD" } }),
  buyByHand: ({ savingsPlanOrderAlias }) =>
    savingsPlanOrderAlias.beginCreate("by-hand", {
      sku: { name: "Compute_Savings_Plan" },
      displayName: "by-hand",
      billingScopeId: `/subscriptions/${SUBSCRIPTION}`,
      term: "P1Y",
      appliedScopeType: "Shared",
      commitment: { grain: "Hourly", currencyCode: "USD", amount: 0.5 },
    }),
};
