import * as z from "zod/mini";
import { listedAsOf } from "../../call-effects.js";
import { SimulatedError } from "../../simulated-error.js";
import { type GcpOperation, readParams } from "../gcp-service.js";
import { statusRefusals } from "../status-errors.js";
import { orderJson } from "./order-json.js";
import type { Orders } from "./orders.js";
import { orderName, type PlacedOrder } from "./placed-order.js";

const API = "type.googleapis.com/google.cloud.commerce.consumer.procurement.v1";

const NUMBERS: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  INTERNAL: 13,
  UNAVAILABLE: 14,
};

/** An operation as the API shows it, as of `moment`. */
export function operationJson(order: PlacedOrder, operationId: string, moment: number): object {
  const kind = operationId === order.operationId ? "PlaceOrder" : "ModifyOrder";
  const shown = {
    name: `${orderName(order)}/operations/${operationId}`,
    metadata: { "@type": `${API}.${kind}Metadata` },
  };
  // An operation that is not done is shown without `done`, as Google's JSON leaves out what is false.
  if (moment < order.doneAt) return shown;
  if (order.failure !== undefined) {
    const { status, message } = order.failure;
    return { ...shown, done: true, error: { code: NUMBERS[status] ?? 2, message } };
  }
  return { ...shown, done: true, response: { "@type": `${API}.Order`, ...orderJson(order, moment) } };
}

const input = z.object({ name: z.string(), operation: z.string() });

/** Shows an operation of the billing account. */
export function getOrderOperation(orders: Orders): GcpOperation {
  return {
    permission: "consumerprocurement.orders.get",
    run(params, call) {
      const { name, operation } = readParams(input, params, statusRefusals);
      const order = orders.byOperation(call.project, operation);
      if (order !== undefined && orderName(order) === name) return operationJson(order, operation, listedAsOf(call));
      throw notFound(`${name}/operations/${operation}`);
    },
  };
}

/** Nothing is there under this name. */
export const notFound = (name: string): SimulatedError =>
  new SimulatedError("NOT_FOUND", 404, `Requested entity '${name}' was not found.`);
