import { billingAccountOf } from "../billing-account.js";
import { benefitTimes, stateOf } from "../orders/placed-order.js";
import { wireTime } from "../orders/wire-time.js";
import type { ReservationOrder } from "./reservation-order.js";

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
