import { type InputProblem, invalidRequest } from "./input-problem.js";

/** The problem with an execution's id that is none, such as the execution itself or a promise of it. */
export const executionIdProblems = (value: unknown): readonly InputProblem[] =>
  typeof value === "string" && value !== ""
    ? []
    : [{ path: "executionId", problem: `must be the \`id\` that submit returned; got ${inWords(value)}` }];

/**
 * Checks the id that a method takes first, before the method begins. `INVALID_REQUEST` says what was given in its place,
 * and the promise is rejected: nothing is thrown synchronously.
 */
export const byExecutionId =
  <Others extends unknown[], Answer>(method: (executionId: string, ...others: Others) => Promise<Answer>) =>
  async (executionId: string, ...others: Others): Promise<Answer> => {
    const problems = executionIdProblems(executionId);
    if (problems.length > 0) throw invalidRequest(problems);
    return method(executionId, ...others);
  };

function inWords(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (value === "") return "an empty text";
  if (Array.isArray(value)) return "a list";
  if (typeof value !== "object") return `a ${typeof value}`;
  if ("then" in value) return "a promise (did you forget await?)";
  return `an object${"id" in value ? " (did you mean .id?)" : ""}`;
}
