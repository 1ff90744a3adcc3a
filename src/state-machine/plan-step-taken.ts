import { BuyonceError } from "../domain/errors.js";
import type { Execution } from "../domain/execution.js";
import { viewOf } from "../idempotency/execution-view.js";
import type { TakenStep } from "../store-port/execution-store.js";

/** The refusal of an approval whose step of a plan does not come next. */
export const planStepTaken = (execution: Execution, taken: TakenStep): BuyonceError =>
  new BuyonceError("PLAN_STEP_TAKEN", `${execution.id} is not approved: ${inWords(execution, taken)}.`, {
    details: { ...taken },
    current: viewOf(execution),
  });

function inWords({ plan }: Execution, { why, executionId, step }: TakenStep): string {
  switch (why) {
    case "taken":
      return `${executionId} has step ${step} of plan ${plan?.id}`;
    case "back":
      return `plan ${plan?.id} is at step ${step} already (${executionId}), and steps do not go back to ${plan?.step}`;
    case "skipped":
      return `plan ${plan?.id} is at step ${step} (${executionId}), and step ${plan?.step} would leave steps out`;
  }
}
