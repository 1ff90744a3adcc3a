/**
 * Every status an execution can have. docs/state-machine.md says how an execution gets in and out of each, who moves it and
 * what a crash leaves behind. That page is generated from the transition table.
 */
export const EXECUTION_STATUSES = [
  /** Submitted, and waits for an approver. In: submission, or a resume of `paused`. A crash leaves the execution as it is. */
  "pending",
  /** The approvers have been notified. In: the code that sent the notification. A crash leaves the execution as it is. */
  "notified",
  /** Approved for a later time. In: a person's schedule. Out: tick when due. A crash leaves the execution as it is. */
  "scheduled",
  /** Paused by a person, and resumed by a person. A crash leaves the execution as it is. */
  "paused",
  /** May be bought now. In: approver, tick when due, or a worker that handed it back. After a crash the next tick buys it. */
  "approved",
  /** A worker holds the lease and buys. After a crash, tick or the reaper finds it once the lease has run out. */
  "running",
  /** At least one line may have been bought, and nobody knows yet. Out: reconcile, or a person with evidence. */
  "in_doubt",
  /** Every line to buy is committed. The execution has ended. */
  "completed",
  /** Some lines are committed, the rest certainly not. The execution has ended; only late evidence can move it. */
  "partially_completed",
  /** Nothing was bought, and there is evidence of that. The execution has ended; only late evidence can move it. */
  "failed",
  /** Withdrawn by a person before anything was bought. The execution has ended. */
  "canceled",
  /** Nobody approved in time. The execution has ended. */
  "expired",
] as const;

/** One of {@link EXECUTION_STATUSES}. */
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];
