import type { AuditEventKind, NewAuditEvent } from "../domain/audit-event.js";
import type { EpochMs } from "../domain/clock.js";
import type { Execution } from "../domain/execution.js";
import type { ExecutionStatus } from "../domain/execution-status.js";

/** What becomes of due executions that need no worker. */
export interface DueMove {
  readonly from: ExecutionStatus;
  readonly to: ExecutionStatus;
  readonly reason: string;
  /** The kind of the event. Its reason is that of the move. */
  readonly kind: AuditEventKind;
}

/** One sweep over due executions. */
export interface DueSweep {
  /** At most one for each status. */
  readonly moves: readonly DueMove[];
  readonly actor: string;
  /** The most executions to move; the longest waiting come first. */
  readonly limit: number;
}

/** An execution that a sweep moved. */
export interface MovedExecution {
  readonly executionId: string;
  readonly from: ExecutionStatus;
  readonly to: ExecutionStatus;
  /** The version that the move gave it. */
  readonly version: number;
  readonly at: EpochMs;
}

/** The executions that a worker wants to claim. */
export interface ClaimBatch {
  /** The statuses to claim from. */
  readonly from: readonly ExecutionStatus[];
  /** The most executions to claim. The execution that has been due longest comes first. */
  readonly limit: number;
  /** Executions without a `wakeAt` come before executions that have slept. So fresh work is not behind failed work. */
  readonly freshFirst: boolean;
  /** Executions to pass over. */
  readonly except: readonly string[];
  readonly owner: string;
  readonly durationMs: number;
  readonly event: NewAuditEvent;
}

/** An execution with its new lease, and the status it had before. */
export interface ClaimedExecution {
  readonly execution: Execution;
  readonly from: ExecutionStatus;
}

/** The executions to remove, each with the version that was read. */
export interface Removal {
  readonly executions: readonly { readonly executionId: string; readonly version: number }[];
  readonly notBefore: EpochMs;
}

/** An execution that shows no activity. */
export interface StuckExecution {
  readonly execution: Execution;
  readonly stuckForMs: number;
}

/**
 * What the lines of an execution prove. `unsettled`: a line is submitting or in doubt. Otherwise either all lines are
 * skipped, or all, some or none of the others are committed.
 */
export type LineProof = "unsettled" | "all_skipped" | "all_committed" | "some_committed" | "none_committed";

/** What becomes of a stuck execution. */
export interface ReapVerdict {
  readonly from: ExecutionStatus;
  readonly proof: LineProof;
  readonly to: ExecutionStatus;
  /** The text that follows `Stuck in <from> for <n> s; ` in the reason. */
  readonly because: string;
}

/** One sweep of the reaper. */
export interface ReapSweep {
  readonly olderThanMs: number;
  /** The most executions to reap, oldest first. */
  readonly limit: number;
  readonly actor: string;
  /** At most one for each status and proof. */
  readonly verdicts: readonly ReapVerdict[];
  /** How many of the oldest are left to a parallel sweep, default none. A hint: such sweeps skip each other's rows. */
  readonly passOver?: number;
}

/** What a sweep did. An execution that was found and not reaped stays as it was. */
export interface ReapedCounts {
  readonly found: number;
  readonly reaped: number;
}
