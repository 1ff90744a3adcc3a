import { listedAsOf } from "../../call-effects.js";
import { SimulatedError } from "../../simulated-error.js";
import { type AzureCall, type AzureOperation, idOf } from "../azure-service.js";
import { orderPage } from "../orders/order-page.js";
import { unknownRead } from "../unknown-read.js";
import type { ReservationOrder, ReservationShop } from "./reservation-order.js";
import { orderJson, orderPath, reservationJson } from "./reservation-order-json.js";

/** Finds an order by its id. */
export function getReservationOrder(shop: ReservationShop): AzureOperation {
  return {
    name: "GetReservationOrder",
    service: "azure.reservations",
    method: "GET",
    path: "/providers/Microsoft.Capacity/reservationOrders/{reservationOrderId}",
    run: (call) => ({ status: 200, body: orderJson(foundOrder(shop, call), listedAsOf(call)) }),
  };
}

/** Finds the reservation in an order. */
export function getReservation(shop: ReservationShop): AzureOperation {
  return {
    name: "GetReservation",
    service: "azure.reservations",
    method: "GET",
    path: "/providers/Microsoft.Capacity/reservationOrders/{reservationOrderId}/reservations/{reservationId}",
    run(call) {
      const order = foundOrder(shop, call);
      const id = idOf(call, "reservationId").toLowerCase();
      if (order.reservationId === id) return { status: 200, body: reservationJson(order, listedAsOf(call)) };
      const message = `Reservation '${id}' is not in reservation order '${order.id}'.`;
      throw new SimulatedError("ReservationIdNotInReservationOrder", 404, message);
    },
  };
}

/** Lists the orders of the whole tenant, oldest first; the last page has no link to a next one. */
export function listReservationOrders({ world, shelf }: ReservationShop): AzureOperation {
  return {
    name: "ListReservationOrders",
    service: "azure.reservations",
    method: "GET",
    path: "/providers/Microsoft.Capacity/reservationOrders",
    run(call) {
      const { value, ...next } = orderPage(shelf.listed(call), call, world.settings);
      return { status: 200, body: { value: value.map((order) => orderJson(order, listedAsOf(call))), ...next } };
    },
  };
}

/** The order of the path; refused if it does not exist or is not found yet. */
export function foundOrder({ world, shelf }: ReservationShop, call: AzureCall): ReservationOrder {
  const id = idOf(call, "reservationOrderId");
  const order = shelf.found(id, call);
  if (order !== undefined) return order;
  const absent = new SimulatedError("ReservationOrderNotFound", 404, `Reservation order '${id}' was not found.`);
  throw unknownRead({ right: "Microsoft.Capacity/reservationOrders/read", path: orderPath(id), absent }, world);
}
