import { listedAsOf } from "../../call-effects.js";
import { SimulatedError } from "../../simulated-error.js";
import { type AzureOperation, idOf } from "../azure-operation.js";
import type { AzureService } from "../azure-service.js";
import type { AzureWorld } from "../azure-world.js";
import { OrderShelf } from "../orders/order-shelf.js";
import { type SavingsPlanShop, savingsPlanOrderJson, savingsPlanRow } from "./savings-plan-order.js";
import { savingsPlanOrderAlias } from "./savings-plan-order-alias.js";
import { validatePurchase } from "./validate-purchase.js";

/** Savings plans for compute. */
export function savingsPlansService(world: AzureWorld): AzureService {
  const shelf = new OrderShelf(world.settings, savingsPlanRow);
  const shop = { world, shelf };
  return {
    operations: [validatePurchase(world), ...savingsPlanOrderAlias(shop), getSavingsPlanOrder(shop)],
    commitments: (now) => shelf.commitments(now),
    setState: (commitmentId, state, at) => shelf.setState(commitmentId, state, at),
  };
}

/** Finds an order by its id. */
function getSavingsPlanOrder({ shelf }: SavingsPlanShop): AzureOperation {
  return {
    name: "GetSavingsPlanOrder",
    service: "azure.savings-plans",
    method: "GET",
    path: "/providers/Microsoft.BillingBenefits/savingsPlanOrders/{savingsPlanOrderId}",
    run(call) {
      const order = shelf.found(idOf(call, "savingsPlanOrderId"), call);
      if (order !== undefined) return { status: 200, body: savingsPlanOrderJson(order, listedAsOf(call)) };
      const id = idOf(call, "savingsPlanOrderId");
      throw new SimulatedError("ResourceNotFound", 404, `Savings plan order '${id}' was not found.`);
    },
  };
}
