import type * as z from "zod/mini";
import type { EpochMs } from "../domain/clock.js";
import { type InputProblem, invalidRequest } from "../domain/input-problem.js";

/** What is wrong with an input, one problem for each fault. */
export const problemsIn = (error: z.core.$ZodError, what: string): InputProblem[] =>
  error.issues.map(({ path, message }) => ({ path: path.map(String).join(".") || what, problem: message }));

const A_DAY_MS = 86_400_000;

/**
 * Checks the time at which a round ends, in epoch milliseconds. A time more than a day back is refused with
 * `INVALID_REQUEST`. It is probably a time span or a time in seconds, and such a round would never begin anything.
 */
export function requireDeadline(deadline: EpochMs | undefined, now: EpochMs): EpochMs | undefined {
  if (deadline === undefined) return undefined;
  if (Number.isFinite(deadline) && deadline > now - A_DAY_MS) return deadline;
  const problem = `must be a time in epoch milliseconds that lies ahead, such as Date.now() + 60_000; got ${deadline}`;
  throw invalidRequest([{ path: "deadline", problem }]);
}
