import type { InputProblem } from "../domain/input-problem.js";

/** The most people that may have to approve one execution. */
export const MOST_APPROVALS = 20;

/** Problems with the options about how many people approve, and what they are asked. */
export function* approvalProblems(options: {
  readonly approvals?: unknown;
  readonly onPriceDrift?: unknown;
}): Generator<InputProblem> {
  const { approvals, onPriceDrift } = options;
  const isCount = Number.isSafeInteger(approvals) && Number(approvals) >= 1 && Number(approvals) <= MOST_APPROVALS;
  if ("approvals" in options && !isCount)
    yield { path: "approvals", problem: `must be a whole number from 1 to ${MOST_APPROVALS}` };
  if (onPriceDrift !== undefined && onPriceDrift !== "ask" && onPriceDrift !== "reject")
    yield { path: "onPriceDrift", problem: 'must be "ask" or "reject"' };
}
