import * as z from "zod/mini";
import type { AzureReservationsRequest } from "../../../domain/commitment-request/azure-reservations.js";
import { collectPages } from "../../collect-pages.js";
import { parseAnswer } from "../../parse-answer.js";
import { askArm } from "../ask-arm.js";
import type { AzureConnection } from "../connect.js";
import { difference } from "../existing-order.js";
import { findOrder } from "../find-order.js";
import { type OrderView, readOrder } from "../order-view.js";
import { API_VERSION, TERMS } from "../spelling.js";

const ORDERS = "/providers/Microsoft.Capacity/reservationOrders";

/** Where an order is. */
export const orderPath = (orderId: string): string =>
  `${ORDERS}/${encodeURIComponent(orderId)}?api-version=${API_VERSION}`;

/** Where a reservation of an order is. */
export const reservationPath = (orderId: string, reservationId: string): string =>
  `${ORDERS}/${encodeURIComponent(orderId)}/reservations/${encodeURIComponent(reservationId)}?api-version=${API_VERSION}`;

/** An order, or `undefined` where Azure itself says that it does not exist. */
export const getOrder = (connection: AzureConnection, orderId: string): Promise<OrderView | undefined> =>
  findOrder(connection, orderPath(orderId), orderId);

const page = z.object({ value: z.optional(z.array(z.unknown())), nextLink: z.nullish(z.string()) });

/**
 * Every order that the credential may see, of all subscriptions. The list has no filter, and it lags behind purchases.
 */
export async function listOrders(connection: AzureConnection): Promise<readonly OrderView[]> {
  const listed = await collectPages({
    operation: "ListReservationOrders",
    maxPages: connection.settings.maxPages,
    signal: connection.signal,
    async fetch(nextLink = `${ORDERS}?api-version=${API_VERSION}`) {
      const answer = parseAnswer(page, await askArm(connection, { method: "GET", path: nextLink }), "page of orders");
      return { items: answer.value, nextToken: answer.nextLink ?? undefined };
    },
  });
  return listed.map(readOrder);
}

/** How an order differs from a line, as far as the order tells. */
export function* orderDifferences({ properties }: OrderView, request: AzureReservationsRequest): Generator<string> {
  yield* difference("quantity", request.quantity, properties["originalQuantity"]);
  yield* difference("term", TERMS[request.term], properties["term"]);
  // Upfront orders are recorded with and without a billing plan.
  yield* difference("billingPlan", request.payment === "no_upfront" ? "Monthly" : "Upfront", properties["billingPlan"]);
}
