import { BuyonceError } from "./errors.js";

/** One fault of one field: the path of the field, such as `lines[2].region`, and why it is refused. */
export interface InputProblem {
  readonly path: string;
  readonly problem: string;
}

/** The error for input that is refused. It names every fault. `cause`: the error that showed the fault, if one did. */
export function invalidRequest(problems: readonly InputProblem[], cause?: unknown): BuyonceError {
  const listed = problems.map(({ path, problem }) => `${path}: ${problem}`).join("; ");
  return new BuyonceError("INVALID_REQUEST", `The request was refused: ${listed}`, { details: { problems }, cause });
}

/** Refuses an argument that is not a list. */
export function checkList(path: string, value: unknown): void {
  if (!Array.isArray(value)) throw invalidArgument(path, "must be a list");
}

/** The error for one argument or option that is refused. */
export const invalidArgument = (path: string, problem: string, cause?: unknown): BuyonceError =>
  invalidRequest([{ path, problem }], cause);
