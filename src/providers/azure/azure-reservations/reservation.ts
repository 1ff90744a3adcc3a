import * as z from "zod/mini";
import type { AzureReservationsRequest } from "../../../domain/commitment-request/azure-reservations.js";
import { parseAnswer } from "../../parse-answer.js";
import { askArm } from "../ask-arm.js";
import type { AzureConnection } from "../connect.js";
import { accountDifference, difference } from "../existing-order.js";
import { bareId, type OrderView } from "../order-view.js";
import { reservationPath } from "./order.js";

const listed = z.nullish(z.array(z.object({ id: z.string().check(z.minLength(1)) })).check(z.minLength(1)));
const reservation = z.object({
  id: z.nullish(z.string()),
  name: z.nullish(z.string()),
  sku: z.nullish(z.object({ name: z.nullish(z.string()) })),
  location: z.nullish(z.string()),
  properties: z.nullish(
    z.object({ billingScopeId: z.nullish(z.string()), reservedResourceType: z.nullish(z.string()) }),
  ),
});

/**
 * How the reservation of an order differs from a line, as far as its order does not tell and Azure states it.
 *
 * The list shows the orders of all subscriptions, and the order itself does not say which one pays.
 */
export async function reservationDifferences(
  connection: AzureConnection,
  order: OrderView,
  request: AzureReservationsRequest,
): Promise<readonly string[]> {
  const [first] = parseAnswer(listed, order.properties["reservations"], "list of an order's reservations") ?? [];
  if (first === undefined) return [];
  const id = bareId(first.id);
  const call = { method: "GET", path: reservationPath(order.id, id) } as const;
  const body = parseAnswer(reservation, await askArm(connection, call), "reservation");
  const found = bareId(body.id || body.name || "");
  if (found !== id) throw new Error(`asked for reservation ${id}, answered with ${found || "none"}`);
  return [...differences(body, request)];
}

function* differences({ sku, location, properties }: z.infer<typeof reservation>, request: AzureReservationsRequest) {
  yield* accountDifference(request, properties?.billingScopeId);
  yield* difference("sku", request.sku, sku?.name);
  yield* difference("region", request.region, location);
  yield* difference("reservedResourceType", request.reservedResourceType, properties?.reservedResourceType);
}
