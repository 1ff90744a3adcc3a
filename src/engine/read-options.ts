import type * as z from "zod/mini";
import type { InputProblem } from "../domain/input-problem.js";

/** What is wrong with an input, one problem for each fault. */
export const problemsIn = (error: z.core.$ZodError, what: string): InputProblem[] =>
  error.issues.map(({ path, message }) => ({ path: path.map(String).join(".") || what, problem: message }));
