import type { ExecutionView } from "../domain/execution.js";
import { EXECUTION_STATUSES } from "../domain/execution-status.js";
import { invalidArgument } from "../domain/input-problem.js";
import { promiseHint } from "../domain/options.js";

/**
 * Whether a message that asks to run an execution can be acknowledged, by the execution as `run` returned it.
 *
 * True if another delivery would add nothing: the execution has ended, or `tick` brings it on, because it is scheduled,
 * waits for its next attempt, is in doubt, or a worker has it. False if nobody has tried it (`approved` without a
 * `wakeAt`), or nobody may yet (`pending`, `notified`, `paused`): deliver the message again, or leave it to `tick`. If
 * `run` throws, do not acknowledge. Too many deliveries buy nothing twice. A message that is lost is made up for by the
 * next `tick`.
 */
export function mayAcknowledge(execution: Pick<ExecutionView, "status" | "wakeAt">): boolean {
  checkExecution(execution);
  const { status, wakeAt } = execution;
  switch (status) {
    case "pending":
    case "notified":
    case "paused":
      return false;
    case "approved":
      return wakeAt !== null;
    default:
      return true;
  }
}

/** Refuses what is no execution: to acknowledge its message could lose a purchase. */
function checkExecution(execution: Partial<Pick<ExecutionView, "status" | "wakeAt">> | undefined | null): void {
  const isKnown = EXECUTION_STATUSES.some((status) => status === execution?.status);
  if (!isKnown || execution?.wakeAt === undefined)
    throw invalidArgument("execution", `must be an execution, as run or get returned it${promiseHint(execution)}`);
}
