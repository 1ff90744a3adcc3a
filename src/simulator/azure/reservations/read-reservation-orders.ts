import { listedAsOf, repeatsPageToken } from "../../call-effects.js";
import { SimulatedError } from "../../simulated-error.js";
import { type AzureCall, type AzureOperation, idOf } from "../azure-service.js";
import { invalidContent } from "../read-body.js";
import type { ReservationOrder, ReservationShop } from "./reservation-order.js";
import { orderJson, reservationJson } from "./reservation-order-json.js";

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
      const { pageSize } = world.settings;
      const offset = offsetIn(call);
      const orders = shelf.listed(call);
      const value = orders.slice(offset, offset + pageSize).map((order) => orderJson(order, listedAsOf(call)));
      const next = repeatsPageToken(call) ? offset || pageSize : offset + pageSize;
      const hasNext = repeatsPageToken(call) || next < orders.length;
      return { status: 200, body: { value, ...(hasNext && { nextLink: linkTo(next, call) }) } };
    },
  };
}

function foundOrder({ shelf }: ReservationShop, call: AzureCall): ReservationOrder {
  const id = idOf(call, "reservationOrderId");
  const order = shelf.found(id, call);
  if (order !== undefined) return order;
  throw new SimulatedError("ReservationOrderNotFound", 404, `Reservation order '${id}' was not found.`);
}

function offsetIn({ query }: AzureCall): number {
  const token = query.get("$skiptoken") ?? "0";
  if (/^\d{1,9}$/.test(token)) return Number(token);
  throw invalidContent(`The $skiptoken '${token}' is not valid.`);
}

function linkTo(offset: number, { origin }: AzureCall): string {
  return `${origin}/providers/Microsoft.Capacity/reservationOrders?api-version=2022-11-01&%24skiptoken=${offset}`;
}
