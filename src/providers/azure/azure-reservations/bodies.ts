import type { AzureReservationsRequest } from "../../../domain/commitment-request/azure-reservations.js";
import { appliedScope } from "../applied-scope.js";
import { TERMS } from "../spelling.js";

/** No body states the expected price. */
type Unpriced = Omit<AzureReservationsRequest, "expectedPrice">;

/** The body of a calculation and of the purchase at its price, which are the same. */
export function capacityBody(request: Unpriced, displayName: string): object {
  return {
    sku: { name: request.sku },
    location: request.region,
    properties: {
      ...shared(request, displayName),
      billingPlan: request.payment === "all_upfront" ? "Upfront" : "Monthly",
      ...capacityScope(request),
    },
  };
}

/** The body of an order alias: billing plans have other names here, and upfront has none. */
export function aliasBody(request: AzureReservationsRequest, name: string): object {
  return {
    sku: { name: request.sku },
    location: request.region,
    properties: {
      ...shared(request, name),
      ...(request.payment === "no_upfront" && { billingPlan: "P1M" }),
      ...appliedScope(request.scope),
    },
  };
}

const shared = (request: Unpriced, displayName: string) => ({
  displayName,
  reservedResourceType: request.reservedResourceType,
  billingScopeId: `/subscriptions/${request.account}`,
  term: TERMS[request.term],
  quantity: request.quantity,
  renew: request.renew ?? false,
  ...(request.instanceFlexibility !== undefined && {
    reservedResourceProperties: { instanceFlexibility: request.instanceFlexibility ? "On" : "Off" },
  }),
});

/** Microsoft.Capacity takes a subscription as a list of one id. The list is for subscriptions only. */
function capacityScope({ scope }: Unpriced): object {
  if (scope.type !== "subscription") return appliedScope(scope);
  return { appliedScopeType: "Single", appliedScopes: [`/subscriptions/${scope.subscriptionId}`] };
}
