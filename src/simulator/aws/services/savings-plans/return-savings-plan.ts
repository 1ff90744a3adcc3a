import * as z from "zod/mini";
import { SimulatedError } from "../../../simulated-error.js";
import { type AwsOperation, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { restJson } from "../../protocol/rest-json.js";
import { returnableUntil, type SavingsPlan, type SavingsPlansShelf, savingsPlanState } from "./savings-plan.js";

/** Returns of an account in a calendar year ("Returning a purchased Savings Plan" in the Savings Plans User Guide). */
const RETURNS_A_YEAR = 10;

const input = z.object({ savingsPlanId: z.string(), clientToken: z.optional(z.string().check(z.minLength(1))) });

/** Gives a plan back. It is `pending-return` for as long as payments take here, and then `returned`. */
export function returnSavingsPlan({ settings }: AwsWorld, shelf: SavingsPlansShelf): AwsOperation {
  const returns: { readonly account: string; readonly planId: string; readonly at: number }[] = [];
  return operation(restJson, input, ({ savingsPlanId }, call) => {
    const plan = shelf.find(call, savingsPlanId);
    const { account, now } = call;
    // A second call about the same plan is answered like the first, whatever its token.
    if (returns.some(({ planId }) => planId === plan.id)) return { savingsPlanId: plan.id };
    checkReturnable(plan, now);
    const year = new Date(now).getUTCFullYear();
    const thisYear = returns.filter((one) => one.account === account && new Date(one.at).getUTCFullYear() === year);
    if (thisYear.length >= RETURNS_A_YEAR)
      throw new SimulatedError("ServiceQuotaExceededException", 402, "No more plans can be returned this year");
    returns.push({ account, planId: plan.id, at: now });
    plan.states.set("pending-return", now);
    plan.states.set("returned", now + settings.paymentPendingMs);
    return { savingsPlanId: plan.id };
  });
}

function checkReturnable(plan: SavingsPlan, now: number): void {
  if (savingsPlanState(plan, now) === "active" && now <= returnableUntil(plan)) return;
  throw new SimulatedError("ValidationException", 400, "The Savings Plan cannot be returned");
}
