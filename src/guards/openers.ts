import type { Execution } from "../domain/execution.js";
import type { LiftedFreeze, PastLimits } from "../store-port/execution-store.js";
import { isFrozenBy } from "./freeze.js";
import { raises } from "./limits/raises.js";

/** Who raised a limit that counts a line of an execution. `changes` are sets of limits, the latest first. */
export const raisersOf = (execution: Execution, changes: readonly PastLimits[]): readonly string[] =>
  changes
    .filter((change, at) => {
      const before = changes[at + 1];
      return before !== undefined && raises(before, change, execution);
    })
    .map(({ changedBy }) => changedBy);

/** Who lifted a freeze that covered a line of an execution. */
export const liftersOf = (execution: Execution, lifted: readonly LiftedFreeze[]): readonly string[] =>
  lifted
    .filter((freeze) => execution.lines.some(({ request }) => isFrozenBy(freeze, request)))
    .map(({ liftedBy }) => liftedBy);
