import { listedAsOf } from "../../call-effects.js";
import { SimulatedError } from "../../simulated-error.js";
import { type AzureCall, type AzureOperation, idOf } from "../azure-service.js";
import { orderPage } from "../orders/order-page.js";
import { stateOf } from "../orders/placed-order.js";
import { stateSummary } from "../orders/state-summary.js";
import { unknownRead } from "../unknown-read.js";
import { savingsPlanJson } from "./savings-plan-json.js";
import {
  type SavingsPlanOrder,
  type SavingsPlanShop,
  savingsPlanOrderJson,
  savingsPlanOrderPath,
} from "./savings-plan-order.js";

const ORDERS = "/providers/Microsoft.BillingBenefits/savingsPlanOrders";

/** Reads orders and plans: each by its id, those of an order, those of the whole tenant. */
export function readSavingsPlans(shop: SavingsPlanShop): AzureOperation[] {
  const { world, shelf } = shop;
  const common = { service: "azure.savings-plans", method: "GET" } as const;
  return [
    {
      ...common,
      name: "GetSavingsPlanOrder",
      path: `${ORDERS}/{savingsPlanOrderId}`,
      run: (call) => ({ status: 200, body: savingsPlanOrderJson(foundOrder(shop, call), listedAsOf(call)) }),
    },
    {
      ...common,
      name: "ListSavingsPlanOrders",
      path: ORDERS,
      run(call) {
        const { value, ...next } = orderPage(shelf.listed(call), call, world.settings);
        const orders = value.map((order) => savingsPlanOrderJson(order, listedAsOf(call)));
        return { status: 200, body: { value: orders, ...next } };
      },
    },
    {
      ...common,
      name: "ListSavingsPlansInOrder",
      path: `${ORDERS}/{savingsPlanOrderId}/savingsPlans`,
      run: (call) => ({ status: 200, body: { value: [savingsPlanJson(foundOrder(shop, call), listedAsOf(call))] } }),
    },
    {
      ...common,
      name: "GetSavingsPlan",
      path: `${ORDERS}/{savingsPlanOrderId}/savingsPlans/{savingsPlanId}`,
      run: (call) => getPlan(shop, call),
    },
    {
      ...common,
      name: "ListSavingsPlans",
      path: "/providers/Microsoft.BillingBenefits/savingsPlans",
      run: (call) => listPlans(shop, call),
    },
  ];
}

function getPlan(shop: SavingsPlanShop, call: AzureCall) {
  const order = foundOrder(shop, call);
  const id = idOf(call, "savingsPlanId").toLowerCase();
  if (order.savingsPlanId === id) return { status: 200, body: savingsPlanJson(order, listedAsOf(call)) };
  throw new SimulatedError("ResourceNotFound", 404, `Savings plan '${id}' is not in the order '${order.id}'.`);
}

function listPlans({ world, shelf }: SavingsPlanShop, call: AzureCall) {
  const orders = shelf.listed(call);
  const moment = listedAsOf(call);
  const { value, ...next } = orderPage(orders, call, world.settings);
  const summary = { name: "summary", value: stateSummary(orders.map((order) => stateOf(order, moment).state)) };
  const wantsSummary = call.query.get("refreshSummary")?.toLowerCase() === "true";
  const plans = value.map((order) => savingsPlanJson(order, moment));
  return { status: 200, body: { value: plans, ...next, ...(wantsSummary && { additionalProperties: [summary] }) } };
}

function foundOrder({ world, shelf }: SavingsPlanShop, call: AzureCall): SavingsPlanOrder {
  const id = idOf(call, "savingsPlanOrderId");
  const order = shelf.found(id, call);
  if (order !== undefined) return order;
  const absent = new SimulatedError("ResourceNotFound", 404, `Savings plan order '${id}' was not found.`);
  const right = "Microsoft.BillingBenefits/savingsPlanOrders/read";
  throw unknownRead({ right, path: savingsPlanOrderPath(id), absent }, world);
}
