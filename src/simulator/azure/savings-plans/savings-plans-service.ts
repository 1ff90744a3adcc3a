import * as z from "zod/mini";
import { SimulatedError } from "../../simulated-error.js";
import type { AzureCall, AzureOperation, AzureService } from "../azure-service.js";
import type { AzureWorld } from "../azure-world.js";
import type { OrderShelf } from "../orders/order-shelf.js";
import { readBody } from "../read-body.js";
import { readSavingsPlans } from "./read-savings-plans.js";
import type { SavingsPlanOrder } from "./savings-plan-order.js";
import { savingsPlanOrderAlias } from "./savings-plan-order-alias.js";
import { readSavingsPlanRequest } from "./savings-plan-request.js";

/** Savings plans, of every kind that is on sale. */
export function savingsPlansService(world: AzureWorld, shelf: OrderShelf<SavingsPlanOrder>): AzureService {
  const shop = { world, shelf };
  return {
    operations: [validatePurchase(world), ...savingsPlanOrderAlias(shop), ...readSavingsPlans(shop)],
    commitments: (now) => shelf.commitments(now),
    setState: (commitmentId, state, at) => shelf.setState(commitmentId, state, at),
  };
}

const input = z.object({ benefits: z.array(z.unknown()) });

/** Says of each savings plan whether it could be bought: 200 even if none could. Nothing is bought. */
function validatePurchase(world: AzureWorld): AzureOperation {
  return {
    name: "ValidatePurchase",
    service: "azure.savings-plans",
    method: "POST",
    path: "/providers/Microsoft.BillingBenefits/validate",
    run(call) {
      const { benefits } = readBody(input, call.body);
      return { status: 200, body: { benefits: benefits.map((benefit) => judge(benefit, call, world)) } };
    },
  };
}

function judge(benefit: unknown, call: AzureCall, world: AzureWorld): object {
  try {
    readSavingsPlanRequest(benefit, call, world);
    return { valid: true };
  } catch (error) {
    if (!(error instanceof SimulatedError)) throw error;
    const reasonCode = error.status === 403 ? "CustomerCannotPurchaseSavingsPlan" : error.code;
    return { valid: false, reasonCode, reason: error.message };
  }
}
