import type { GcpService } from "../gcp-service.js";
import type { GcpWorld } from "../gcp-world.js";
import { route } from "../route.js";
import { statusErrorBody, statusRefusals } from "../status-errors.js";
import { modifyOrder } from "./modify-order.js";
import { getOrderOperation } from "./order-operations.js";
import { placeOrder } from "./place-order.js";
import { getOrder, listOrders } from "./read-orders.js";

const ORDERS = "/v1/billingAccounts/{project}/orders";
const ORDER = `${ORDERS}/{order}`;

/** The Cloud Commerce Consumer Procurement API, as far as spend-based committed use discounts go. */
export function procurementService(world: GcpWorld): GcpService {
  const { settings, orders } = world;
  return {
    name: "gcp.spend",
    prefix: "/v1/billingAccounts/",
    routes: [
      route("POST", `${ORDERS}:place`, "PlaceOrder", placeOrder(world, orders)),
      route("POST", `${ORDER}:modify`, "ModifyOrder", modifyOrder(orders)),
      route("GET", ORDERS, "ListOrders", listOrders(settings, orders)),
      route("GET", ORDER, "GetOrder", getOrder(orders)),
      route("GET", `${ORDER}/operations/{operation}`, "GetOrderOperation", getOrderOperation(orders)),
    ],
    pathParams({ project, order, operation }) {
      const parent = `billingAccounts/${project}`;
      if (order === undefined) return { parent };
      return { name: `${parent}/orders/${order}`, ...(operation !== undefined && { operation }) };
    },
    refusals: statusRefusals,
    errorBody: statusErrorBody,
    commitments: (now) => orders.commitments(now),
    setState: (commitmentId, state, at) => orders.setState(commitmentId, state, at),
  };
}
