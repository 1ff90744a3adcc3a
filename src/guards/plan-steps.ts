import type { PlanStep } from "../domain/execution.js";
import type { TakenStep } from "../store-port/guards.js";

/** A step of a plan that another lineage has. */
type StepOfOther = Pick<TakenStep, "executionId" | "step">;

/** Which step of others stands against a step of the same plan. `undefined` if it comes next, or is the first. */
export function stepConflict(
  { step, skipStep }: Pick<PlanStep, "step" | "skipStep">,
  taken: readonly StepOfOther[],
): TakenStep | undefined {
  const [latest] = taken.toSorted((a, b) => b.step - a.step);
  if (step === null || latest === undefined) return undefined;
  const same = taken.find((other) => other.step === step);
  if (same !== undefined) return { why: "taken", ...same };
  if (latest.step > step) return { why: "back", ...latest };
  return latest.step + 1 < step && skipStep === undefined ? { why: "skipped", ...latest } : undefined;
}
