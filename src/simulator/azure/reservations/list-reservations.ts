import { listedAsOf } from "../../call-effects.js";
import type { AzureOperation } from "../azure-service.js";
import { orderPage } from "../orders/order-page.js";
import { stateOf } from "../orders/placed-order.js";
import { stateSummary } from "../orders/state-summary.js";
import { foundOrder } from "./read-reservation-orders.js";
import type { ReservationShop } from "./reservation-order.js";
import { reservationJson } from "./reservation-order-json.js";

/** Lists the reservations of the whole tenant, oldest first. */
export function listReservations({ world, shelf }: ReservationShop): AzureOperation {
  return {
    name: "ListReservations",
    service: "azure.reservations",
    method: "GET",
    path: "/providers/Microsoft.Capacity/reservations",
    run(call) {
      const orders = shelf.listed(call);
      const moment = listedAsOf(call);
      const { value, ...next } = orderPage(orders, call, world.settings);
      const summary = stateSummary(orders.map((order) => stateOf(order, moment).state));
      const wantsSummary = call.query.get("refreshSummary")?.toLowerCase() === "true";
      const reservations = value.map((order) => reservationJson(order, moment));
      return { status: 200, body: { value: reservations, ...next, ...(wantsSummary && { summary }) } };
    },
  };
}

/** Lists the reservations of one order. */
export function listReservationsInOrder(shop: ReservationShop): AzureOperation {
  return {
    name: "ListReservationsInOrder",
    service: "azure.reservations",
    method: "GET",
    path: "/providers/Microsoft.Capacity/reservationOrders/{reservationOrderId}/reservations",
    run: (call) => ({ status: 200, body: { value: [reservationJson(foundOrder(shop, call), listedAsOf(call))] } }),
  };
}
