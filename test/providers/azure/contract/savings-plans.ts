import { BillingBenefitsRP } from "@azure/arm-billingbenefits";
import { azureSavingsPlans } from "../../../../src/providers/azure/azure-savings-plans.js";
import { planRequest, SUBSCRIPTION, usd } from "../azure-lines.js";
import type { AzureServiceUnderTest } from "./azure-fixture.js";

/** Savings plans. */
export const SAVINGS_PLANS: AzureServiceUnderTest<BillingBenefitsRP> = {
  Client: BillingBenefitsRP,
  provider: azureSavingsPlans,
  purchase: "PutSavingsPlanOrderAlias",
  lookups: ["GetSavingsPlanOrderAlias", "GetSavingsPlanOrder"],
  states: {
    live: ["Succeeded"],
    pending: ["Creating", "PendingBilling", "ConfirmedBilling", "Created"],
    void: ["Failed"],
    unclear: ["Cancelled", "Expired"],
    finished: "Succeeded",
  },
  optionalAttributes: [
    "sku",
    "commitment",
    "term",
    "billingPlan",
    "billingScopeId",
    "renew",
    "appliedScopeType",
    "displayName",
    "provisioningState",
  ],
  cannot: {
    stranger: "the subscription travels in each purchase, whoever sends it",
    unsold: "one product is sold, everywhere and in any size",
    queue: "the service does not queue",
    lane: "plans are told apart by their name",
    ended: "a plan that expired is over only by the end of its term",
  },
  leavesOut: { ended: 3, lane: 10, queue: 5, stranger: 3, unsold: 1 },
  request: planRequest(),
  different: planRequest({ hourlyCommitment: "0.75", expectedPrice: { amount: "6570", currency: "USD" } }),
  siblings: [
    planRequest({ payment: "no_upfront" }),
    planRequest({ term: "3yr", expectedPrice: usd("13140") }),
    planRequest({ hourlyCommitment: "0.25", expectedPrice: usd("2190") }),
  ],
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
