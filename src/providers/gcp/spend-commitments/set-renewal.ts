import type { GcpSpendRequest } from "../../../domain/commitment-request/gcp-spend.js";
import type { Commitment } from "../../../domain/evidence.js";
import type { LabelResult } from "../../commitment-provider.js";
import type { OrdersConnection } from "./connect-orders.js";
import { renewalOf } from "./existing-order.js";
import { errorOf, followOperation, readOperation } from "./order-operation.js";
import { sightingOf } from "./order-states.js";
import { itemOf, type OrderView, readOrder } from "./order-view.js";
import { refusalIn } from "./send-request.js";

/**
 * Makes sure that an order renews itself as its line says, because the purchase has no field for it. Idempotent.
 *
 * An order that does not say whether it renews itself is changed too, because its default is not documented. The
 * order's etag stops a change that is based on an old look at it. Throws if the order still renews itself otherwise
 * afterwards, and for an order of another billing account, which a person may have named.
 */
export async function setRenewal(
  connection: OrdersConnection,
  { commitmentIds }: Commitment,
  request: GcpSpendRequest,
): Promise<LabelResult | undefined> {
  const [name = ""] = commitmentIds;
  if (!name.startsWith(`billingAccounts/${connection.account}/orders/`))
    throw new Error(`${name} is not the name of an order of billing account ${connection.account}`);
  const order = readOrder(await connection.get(name));
  const sighting = sightingOf(order);
  if (sighting.meaning === "ended" || sighting.meaning === "void") return { commitmentIds, sighting };
  if (renewalOf(order) === request.autoRenew) return undefined;
  await modify(connection, order, request);
  const renews = renewalOf(readOrder(await connection.get(name)));
  if (renews !== undefined && renews !== request.autoRenew)
    throw new Error(`the order still ${request.autoRenew ? "ends with its term" : "renews itself"}`);
  return undefined;
}

async function modify(connection: OrdersConnection, order: OrderView, { autoRenew }: GcpSpendRequest): Promise<void> {
  const { id, info } = itemOf(order);
  const { offer, parameters } = info ?? {};
  const modification = {
    lineItemId: id,
    changeType: "LINE_ITEM_CHANGE_TYPE_UPDATE",
    newLineItemInfo: { offer, parameters },
    autoRenewalBehavior: `AUTO_RENEWAL_BEHAVIOR_${autoRenew ? "ENABLE" : "DISABLE"}`,
  };
  const body = { modifications: [modification], ...(order.etag && { etag: order.etag }) };
  const sent = await connection.post(`${order.name}:modify`, body, () => undefined);
  if (sent.kind !== "answered") throw sent.thrown;
  const refusal = refusalIn(sent.answer);
  if (refusal !== undefined) throw refusal;
  const error = errorOf(await followOperation(connection, readOperation(sent.answer.data)));
  if (error !== undefined) throw new Error(`the change of the renewal failed: ${error.message}`);
}
