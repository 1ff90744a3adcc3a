/**
 * Every status an execution can have. How one gets in and out of each, who moves it and what a crash leaves behind
 * stands in docs/state-machine.md, which is generated from the transition table.
 */
export const EXECUTION_STATUSES = [
  /** Submitted, waiting for an approver. In: submission, or `paused` resumed. A crash leaves it as it is. */
  "pending",
  /** Approvers have been told. In: whoever sent the notification. A crash leaves it as it is. */
  "notified",
  /** Approved for a later time. In: a person's schedule. Out: tick when due. A crash leaves it as it is. */
  "scheduled",
  /** Set aside by a person, who also brings it back. A crash leaves it as it is. */
  "paused",
  /** May be bought now. In: approver, tick when due, or a worker that handed it back. A crash leaves it to the next tick. */
  "approved",
  /** A worker holds the lease and buys. A crash leaves it here until the lease runs out; then tick or the reaper finds it. */
  "running",
  /** At least one line may have been bought and nobody knows yet. Out: reconcile, or a person with evidence. */
  "in_doubt",
  /** Every line to buy is committed. Ended. */
  "completed",
  /** Some lines are committed, the rest certainly not. Ended, late evidence apart. */
  "partially_completed",
  /** Nothing was bought, with evidence. Ended, late evidence apart. */
  "failed",
  /** Withdrawn by a person before anything was bought. Ended. */
  "canceled",
  /** Nobody approved in time. Ended. */
  "expired",
] as const;

/** One of {@link EXECUTION_STATUSES}. */
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];
