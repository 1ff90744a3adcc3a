import * as z from "zod/mini";
import type { AzureReservationsRequest } from "../../../domain/commitment-request/azure-reservations.js";
import { parseAnswer } from "../../parse-answer.js";
import { askArm } from "../ask-arm.js";
import type { AzureConnection } from "../connect.js";
import { difference } from "../existing-order.js";
import { bareId, type OrderView } from "../order-view.js";
import { reservationPath } from "./order.js";

const listed = z.array(z.object({ id: z.string().check(z.minLength(1)) })).check(z.minLength(1));
const reservation = z.object({
  sku: z.nullish(z.object({ name: z.nullish(z.string()) })),
  location: z.nullish(z.string()),
  // Nothing but the billing scope tells whose the order is.
  properties: z.object({ billingScopeId: z.string(), reservedResourceType: z.nullish(z.string()) }),
});

/**
 * How the reservation of an order differs from a line, as far as its order does not tell.
 *
 * Display names are not unique, and the list shows the orders of all subscriptions. So a name alone is no proof of
 * whose an order is.
 */
export async function reservationDifferences(
  connection: AzureConnection,
  order: OrderView,
  request: AzureReservationsRequest,
): Promise<readonly string[]> {
  const [first] = parseAnswer(listed, order.properties["reservations"], "list of an order's reservations");
  const path = reservationPath(order.id, bareId(first?.id ?? ""));
  const body = parseAnswer(reservation, await askArm(connection, { method: "GET", path }), "reservation");
  return [...differences(body, request)];
}

function* differences({ sku, location, properties }: z.infer<typeof reservation>, request: AzureReservationsRequest) {
  yield* difference("account", request.account, bareId(properties.billingScopeId));
  yield* difference("sku", request.sku, sku?.name);
  yield* difference("region", request.region, location);
  yield* difference("reservedResourceType", request.reservedResourceType, properties.reservedResourceType);
}
