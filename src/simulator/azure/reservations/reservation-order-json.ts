import { friendlyScope } from "../applied-scope.js";
import { billingAccountOf } from "../billing-scope.js";
import { wireDate, wireTime } from "../orders/order-times.js";
import { benefitTimes, stateOf } from "../orders/placed-order.js";
import { unusedUtilization } from "../orders/utilization.js";
import { type ReservationOrder, remainingQuantity } from "./reservation-order.js";
import { skuTitle } from "./reservation-request.js";

/** The path of an order, as its links and aliases write it. */
export function orderPath(id: string): string {
  return `/providers/Microsoft.Capacity/reservationOrders/${id}`;
}

/** The path of the reservation in an order. */
export function reservationPath({ id, reservationId }: ReservationOrder): string {
  return `${orderPath(id)}/reservations/${reservationId}`;
}

/** An order as of `moment`. Its own id is in lower case and those of its reservations are not, as recorded. */
export function orderJson(order: ReservationOrder, moment: number): object {
  const { state, etag } = stateOf(order, moment);
  const { displayName, quantity } = order.request.body.properties;
  const type = "microsoft.capacity/reservationOrders";
  return {
    id: `/providers/${type}/${order.id}`,
    name: order.id,
    type,
    etag,
    properties: {
      originalQuantity: quantity,
      requestDateTime: wireTime(order.requestedAt),
      ...benefitJson(order, moment),
      billingPlan: order.request.billingPlan,
      reservations: [{ id: reservationPath(order) }],
      term: order.term,
      ...(displayName && { displayName }),
      provisioningState: state,
      billingAccountId: billingAccountOf(order.subscription),
    },
  };
}

/** An order was recorded as created this long after its benefit started. */
const CREATED_AFTER_MS = 922;

function benefitJson(order: ReservationOrder, moment: number): object {
  const times = benefitTimes(order, moment);
  if (times === undefined) return {};
  return {
    createdDateTime: wireTime(times.startsAt + CREATED_AFTER_MS),
    benefitStartTime: wireTime(times.startsAt),
    expiryDateTime: wireTime(times.endsAt),
  };
}

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
  const { reservedResourceType, appliedScopeType, displayName, reservedResourceProperties } = properties;
  const isVirtualMachine = reservedResourceType === "VirtualMachines";
  return {
    reservedResourceType,
    skuDescription: skuTitle(request),
    appliedScopeType,
    ...scopeOf(properties),
    ...(displayName && { displayName }),
    userFriendlyAppliedScopeType: friendlyScope(properties),
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
    // What was returned as a whole is shown as it was bought.
    quantity: remainingQuantity(order, moment) || order.request.body.properties.quantity,
    provisioningState: state,
    displayProvisioningState: state,
    ...(times && {
      benefitStartTime: wireTime(times.startsAt),
      effectiveDateTime: wireTime(times.startsAt),
      lastUpdatedDateTime: wireTime(times.startsAt),
      expiryDateTime: wireTime(times.endsAt),
      expiryDate: wireDate(times.endsAt),
    }),
    utilization: unusedUtilization("SAME"),
  };
}
