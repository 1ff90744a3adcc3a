import { friendlyScope } from "../applied-scope.js";
import { billingAccountOf } from "../billing-scope.js";
import { wireTime } from "../orders/order-times.js";
import { benefitTimes, stateOf } from "../orders/placed-order.js";
import { unusedUtilization } from "../orders/utilization.js";
import { billingProfileOf, type SavingsPlanOrder } from "./savings-plan-order.js";

/**
 * The plan in an order, as of `moment`.
 *
 * Its billing scope is a billing account, as in the examples of the specification. That of the order is a subscription.
 */
export function savingsPlanJson(order: SavingsPlanOrder, moment: number): object {
  const type = "savingsPlanOrders";
  return {
    id: `/providers/microsoft.billingbenefits/${type}/${order.id}/savingsPlans/${order.savingsPlanId}`,
    name: `${order.id}/${order.savingsPlanId}`,
    type: `Microsoft.BillingBenefits/${type}/savingsPlans`,
    sku: { name: order.request.body.sku.name },
    properties: { ...boughtProperties(order), ...currentProperties(order, moment) },
  };
}

/** What never changes. */
function boughtProperties({ request, requestedAt, subscription, term }: SavingsPlanOrder): object {
  const { displayName, billingPlan, appliedScopeType, appliedScopeProperties, commitment, renew } =
    request.body.properties;
  return {
    ...(displayName && { displayName }),
    billingScopeId: billingAccountOf(subscription),
    billingProfileId: billingProfileOf(subscription),
    billingAccountId: billingAccountOf(subscription),
    term,
    ...(billingPlan && { billingPlan }),
    appliedScopeType,
    userFriendlyAppliedScopeType: friendlyScope(request.body.properties),
    ...(appliedScopeProperties && { appliedScopeProperties }),
    commitment,
    renew: renew ?? false,
    purchaseDateTime: wireTime(requestedAt),
  };
}

function currentProperties(order: SavingsPlanOrder, moment: number): object {
  const { state } = stateOf(order, moment);
  const times = benefitTimes(order, moment);
  return {
    provisioningState: state,
    displayProvisioningState: state,
    ...(times && { effectiveDateTime: wireTime(times.startsAt), expiryDateTime: wireTime(times.endsAt) }),
    utilization: unusedUtilization(""),
  };
}
