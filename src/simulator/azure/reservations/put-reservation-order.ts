import { isDeepStrictEqual } from "node:util";
import { SimulatedError } from "../../simulated-error.js";
import { type AzureAnswer, type AzureCall, type AzureOperation, idOf } from "../azure-service.js";
import { isGuid } from "../guid.js";
import { invalidContent } from "../read-body.js";
import type { PriceSessions } from "./calculate-price.js";
import { placeReservation, type ReservationOrder, type ReservationShop } from "./reservation-order.js";
import { orderJson, orderPath } from "./reservation-order-json.js";
import { type ReservationRequest, readCapacityRequest } from "./reservation-request.js";

/** Buys under an order id that a price calculation gave out, once. */
export function putReservationOrder(shop: ReservationShop, sessions: PriceSessions): AzureOperation {
  return {
    name: "PutReservationOrder",
    service: "azure.reservations",
    method: "PUT",
    path: "/providers/Microsoft.Capacity/reservationOrders/{reservationOrderId}",
    run(call) {
      const id = orderIdIn(call);
      const request = readCapacityRequest(call, shop.world, "Microsoft.Capacity/reservationOrders/write");
      const existing = shop.shelf.withId(id);
      if (existing !== undefined) return answerRepeated(existing, call, shop);
      const bought = toBuy(request, sessions.at(id, call.now), shop);
      const token = request.body.properties.displayName ?? undefined;
      return accepted(placeReservation({ request: bought, token, id }, call, shop), call);
    },
  };
}

function orderIdIn(call: AzureCall): string {
  const id = idOf(call, "reservationOrderId").toLowerCase();
  if (isGuid(id)) return id;
  throw new SimulatedError("InvalidReservationOrderId", 400, `'${id}' is not a valid reservation order id.`);
}

/** What was calculated, at the price it was calculated at; or what is asked for now, where the settings allow that. */
function toBuy(asked: ReservationRequest, calculated: ReservationRequest | undefined, { world }: ReservationShop) {
  if (calculated === undefined) throw sessionOver();
  if (isDeepStrictEqual(asked.body, calculated.body)) return calculated;
  if (world.settings.changedPurchase === "buy-as-sent") return asked;
  throw invalidContent("The purchase is not the one whose price was calculated under this reservation order id.");
}

function answerRepeated(order: ReservationOrder, call: AzureCall, { world }: ReservationShop): AzureAnswer {
  const { repeatedOrder } = world.settings;
  if (repeatedOrder === "return-order") return { status: 200, body: orderJson(order, call.now) };
  if (repeatedOrder === "session-over") throw sessionOver();
  const status = repeatedOrder === "conflict" ? 409 : 400;
  throw new SimulatedError(
    "ReservationOrderIdAlreadyExists",
    status,
    `Reservation order '${order.id}' already exists.`,
  );
}

/** The first answer says `Creating` even where the order has succeeded by the next look. */
function accepted(order: ReservationOrder, { origin }: AzureCall): AzureAnswer {
  const created = { ...order, course: { steps: [], end: { state: "Creating", etag: 1 } } };
  const headers = { Location: `${origin}${orderPath(order.id)}?api-version=2022-11-01`, "Retry-After": "120" };
  return { status: 202, headers, body: orderJson(created, order.requestedAt) };
}

function sessionOver(): SimulatedError {
  const message = "Session timed out - Call CalculatePrice again and provide the new Reservation Order ID for purchase";
  return new SimulatedError("BadRequest", 400, message);
}
