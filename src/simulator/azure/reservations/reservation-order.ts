import { deterministicId } from "../../deterministic-id.js";
import type { LedgerPurchase } from "../../ledger.js";
import { purchaseIdOf } from "../../purchase-id.js";
import { StateHistory } from "../../state-history.js";
import type { AzureCall } from "../azure-service.js";
import type { AzureWorld } from "../azure-world.js";
import { failureOf, reservationCourse } from "../orders/order-course.js";
import type { OrderShelf } from "../orders/order-shelf.js";
import { type PlacedOrder, stateOf } from "../orders/placed-order.js";
import { dueAtOnce } from "../orders/quote.js";
import type { ReservationRequest } from "./reservation-request.js";
import { ReturnHistory } from "./return-history.js";

/** A reservation order as Azure keeps it, with the one reservation in it. */
export interface ReservationOrder extends PlacedOrder {
  readonly request: ReservationRequest;
  readonly reservationId: string;
  readonly returns: ReturnHistory;
}

/** Where reservation orders are placed. */
export interface ReservationShop {
  readonly world: AzureWorld;
  readonly shelf: OrderShelf<ReservationOrder>;
}

/** What is bought, and under which id and name. */
export interface Placing {
  readonly request: ReservationRequest;
  readonly token: string | undefined;
  /** The id that the price calculation gave out; a new one unless given. */
  readonly id?: string;
}

/** Buys: each call makes a new order. */
export function placeReservation({ request, token, id }: Placing, call: AzureCall, shop: ReservationShop) {
  const number = shop.world.nextNumber();
  const order: ReservationOrder = {
    id: id ?? deterministicId(`reservation-order:${number}`),
    purchaseId: purchaseIdOf(number),
    subscription: request.subscription,
    requestedAt: call.now,
    term: request.term,
    course: reservationCourse(shop.world.settings.orderStatesMs, failureOf(call)),
    states: new StateHistory(),
    token,
    charge: dueAtOnce(request.quote),
    request,
    reservationId: deterministicId(`reservation:${number}`),
    returns: new ReturnHistory(),
  };
  shop.shelf.add(order);
  return order;
}

/** What is left of the reservation after all returns. */
export function remainingQuantity({ request, returns }: ReservationOrder, moment: number): number {
  return request.body.properties.quantity - returns.asOf(moment);
}

/** The order's row in the ledger. */
export function reservationRow(order: ReservationOrder, now: number): LedgerPurchase {
  const { body } = order.request;
  return {
    service: "azure.reservations",
    account: order.subscription,
    region: body.location.toLowerCase(),
    commitmentId: order.id,
    purchaseId: order.purchaseId,
    offeringId: body.sku.name,
    quantity: body.properties.quantity,
    ...(order.token !== undefined && { token: order.token }),
    tags: {},
    state: stateOf(order, now).state,
    purchasedAt: order.requestedAt,
    charge: order.charge,
  };
}
