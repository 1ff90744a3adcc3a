import type { ExecutionView } from "../domain/execution.js";

/**
 * Whether a message that asks to run an execution can be acknowledged, by the execution as `run` returned it.
 *
 * True if another delivery would add nothing: the execution has ended, or `tick` brings it on, because it is scheduled,
 * waits for its next attempt, is in doubt, or a worker has it. False if nobody has tried it (`approved` without a
 * `wakeAt`), or nobody may yet (`pending`, `notified`, `paused`): deliver the message again, or leave it to `tick`. If
 * `run` throws, do not acknowledge. Too many deliveries buy nothing twice. A message that is lost is made up for by the
 * next `tick`.
 */
export function mayAcknowledge({ status, wakeAt }: Pick<ExecutionView, "status" | "wakeAt">): boolean {
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
