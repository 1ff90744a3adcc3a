import * as z from "zod/mini";
import { deterministicId } from "../../deterministic-id.js";
import { SimulatedError } from "../../simulated-error.js";
import { type GcpOperation, readParams } from "../gcp-service.js";
import { statusRefusals } from "../status-errors.js";
import { etagOf } from "./order-json.js";
import { notFound, operationJson } from "./order-operations.js";
import type { Orders } from "./orders.js";
import { lineItemInfoSchema, orderName } from "./placed-order.js";

const input = z.object({
  name: z.string(),
  etag: z.optional(z.string()),
  modifications: z
    .array(
      z.strictObject({
        lineItemId: z.string(),
        changeType: z.literal("LINE_ITEM_CHANGE_TYPE_UPDATE", "can be an update only"),
        newLineItemInfo: lineItemInfoSchema,
        autoRenewalBehavior: z.enum(["AUTO_RENEWAL_BEHAVIOR_ENABLE", "AUTO_RENEWAL_BEHAVIOR_DISABLE"]),
      }),
    )
    .check(z.minLength(1), z.maxLength(1)),
});

/** Changes whether an order renews itself. Nothing else of a commitment can be changed. */
export function modifyOrder(orders: Orders): GcpOperation {
  return {
    permission: "consumerprocurement.orders.modify",
    run(params, call) {
      const { name, etag, modifications } = readParams(input, params, statusRefusals);
      const order = orders.shown(call.project, call.now).find((one) => orderName(one) === name);
      const [modification] = modifications;
      if (order === undefined || modification === undefined) throw notFound(name);
      if (etag !== undefined && etag !== etagOf(order))
        throw new SimulatedError("ABORTED", 409, "The etag is not the current one.");
      const { newLineItemInfo, autoRenewalBehavior } = modification;
      if (newLineItemInfo.offer !== order.info.offer)
        throw new SimulatedError("FAILED_PRECONDITION", 400, "The offer of a commitment cannot be changed.");
      const isOn = autoRenewalBehavior.endsWith("_ENABLE");
      const operationId = deterministicId(`${name} change ${order.renewals.length}`);
      order.renewals.push({ at: call.now, isOn, operationId });
      return operationJson(order, operationId, call.now);
    },
  };
}
