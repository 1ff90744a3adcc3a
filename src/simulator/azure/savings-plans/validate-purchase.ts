import * as z from "zod";
import { SimulatedError } from "../../simulated-error.js";
import type { AzureCall, AzureOperation } from "../azure-operation.js";
import type { AzureWorld } from "../azure-world.js";
import { readBody } from "../read-body.js";
import { readSavingsPlanRequest } from "./savings-plan-request.js";

const input = z.object({ benefits: z.array(z.unknown()) });

/** Says of each savings plan whether it could be bought: 200 even if none could. Nothing is bought. */
export function validatePurchase(world: AzureWorld): AzureOperation {
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
