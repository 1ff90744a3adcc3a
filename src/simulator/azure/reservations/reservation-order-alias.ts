import type { AzureOperation } from "../azure-service.js";
import { OrderAliases } from "../orders/order-aliases.js";
import { placeReservation, type ReservationOrder, type ReservationShop } from "./reservation-order.js";
import { orderPath } from "./reservation-order-json.js";
import { readAliasRequest } from "./reservation-request.js";

/** Buys a reservation under a name of the buyer's, and finds it again by that name. */
export function reservationOrderAlias(shop: ReservationShop): AzureOperation[] {
  const aliases = new OrderAliases(shop.world, {
    type: "reservationOrderAliases",
    nameId: "reservationOrderAliasName",
    firstAnswer: 201,
  });
  const common = {
    service: "azure.reservations",
    path: "/providers/Microsoft.BillingBenefits/reservationOrderAliases/{reservationOrderAliasName}",
  } as const;
  return [
    {
      ...common,
      name: "PutReservationOrderAlias",
      method: "PUT",
      run(call) {
        const action = "Microsoft.BillingBenefits/reservationOrderAliases/write";
        const request = readAliasRequest(call, shop.world, action);
        return aliases.put(call, (token) => shownBy(placeReservation({ request, token }, call, shop)));
      },
    },
    { ...common, name: "GetReservationOrderAlias", method: "GET", run: (call) => aliases.get(call) },
  ];
}

/** What the alias shows: what is not set is `null`. */
function shownBy({ id, request }: ReservationOrder): object {
  const { location, sku, properties } = request.body;
  return {
    location,
    sku: { name: sku.name },
    properties: {
      reservationOrderId: orderPath(id),
      billingScopeId: properties.billingScopeId,
      appliedScopeProperties: properties.appliedScopeProperties ?? null,
      quantity: properties.quantity,
      renew: properties.renew ?? null,
      billingPlan: properties.billingPlan ?? null,
      reservedResourceProperties: properties.reservedResourceProperties ?? null,
      reservedResourceType: properties.reservedResourceType,
      reviewDateTime: properties.reviewDateTime ?? null,
      appliedScopeType: properties.appliedScopeType,
      displayName: properties.displayName ?? null,
      provisioningState: "Created",
      term: request.term,
    },
  };
}
