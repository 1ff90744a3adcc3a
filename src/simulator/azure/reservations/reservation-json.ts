import { benefitTimes, stateOf } from "../orders/placed-order.js";
import { wireDate, wireTime } from "../orders/wire-time.js";
import type { ReservationOrder } from "./reservation-order.js";
import { reservationPath } from "./reservation-order-json.js";
import { skuTitle } from "./sku-title.js";

/** The reservation in an order, as of `moment`. */
export function reservationJson(order: ReservationOrder, moment: number): object {
  const { body } = order.request;
  return {
    id: reservationPath(order),
    name: `${order.id}/${order.reservationId}`,
    type: "Microsoft.Capacity/reservationOrders/reservations",
    location: body.location,
    etag: stateOf(order, moment).etag,
    sku: { name: body.sku.name },
    properties: { ...boughtProperties(order), ...currentProperties(order, moment) },
  };
}

/** What never changes. */
function boughtProperties({ request, requestedAt }: ReservationOrder) {
  const { properties } = request.body;
  const { reservedResourceType, quantity, appliedScopeType, displayName, reservedResourceProperties } = properties;
  const isVirtualMachine = reservedResourceType === "VirtualMachines";
  return {
    reservedResourceType,
    skuDescription: skuTitle(request),
    quantity,
    appliedScopeType,
    ...scopeOf(properties),
    ...(displayName && { displayName }),
    userFriendlyAppliedScopeType: appliedScopeType,
    userFriendlyRenewState: properties.renew ? "On" : "Off",
    renew: properties.renew ?? false,
    archived: false,
    term: request.term,
    billingPlan: request.billingPlan,
    billingScopeId: `/subscriptions/${request.subscription}`,
    ...(isVirtualMachine && { instanceFlexibility: reservedResourceProperties?.instanceFlexibility || "On" }),
    purchaseDateTime: wireTime(requestedAt),
    purchaseDate: wireDate(requestedAt),
  };
}

function scopeOf(properties: ReservationOrder["request"]["body"]["properties"]): object {
  const { appliedScopeProperties } = properties;
  const appliedScopes = "appliedScopes" in properties ? properties.appliedScopes : undefined;
  return { ...(appliedScopes && { appliedScopes }), ...(appliedScopeProperties && { appliedScopeProperties }) };
}

function currentProperties(order: ReservationOrder, moment: number): object {
  const { state } = stateOf(order, moment);
  const times = benefitTimes(order, moment);
  return {
    provisioningState: state,
    displayProvisioningState: state,
    ...(times && {
      benefitStartTime: wireTime(times.startsAt),
      effectiveDateTime: wireTime(times.startsAt),
      lastUpdatedDateTime: wireTime(times.startsAt),
      expiryDateTime: wireTime(times.endsAt),
      expiryDate: wireDate(times.endsAt),
    }),
    utilization: { trend: "SAME", aggregates: [1, 7, 30].map(unused) },
  };
}

function unused(grain: number): object {
  return { grain, grainUnit: "days", value: 0, valueUnit: "percentage" };
}
