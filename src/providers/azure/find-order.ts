import { askIfExists } from "./ask-arm.js";
import type { AzureConnection } from "./connect.js";
import { bareId, type OrderView, readOrder } from "./order-view.js";

/** The order with an id, at its path, or `undefined` where Azure itself says that it does not exist. */
export async function findOrder(
  connection: AzureConnection,
  path: string,
  orderId: string,
): Promise<OrderView | undefined> {
  const body = await askIfExists(connection, { method: "GET", path });
  if (body === undefined) return undefined;
  const order = readOrder(body);
  if (order.id !== bareId(orderId)) throw new Error(`asked for order ${orderId}, answered with ${order.id}`);
  return order;
}
