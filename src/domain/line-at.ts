import type { Execution, PurchaseLine } from "./execution.js";

/** The line of an execution with this index. The indices of a retry have gaps. A missing line is a `RangeError`. */
export function lineAt(execution: Pick<Execution, "id" | "lines">, index: number): PurchaseLine {
  const line = execution.lines.find((one) => one.index === index);
  if (line === undefined) throw new RangeError(`execution ${execution.id} has no line ${index}`);
  return line;
}
