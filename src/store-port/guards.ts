import type { EpochMs } from "../domain/clock.js";
import type { CommitmentRequest } from "../domain/commitment-request/commitment-request.js";
import type { ExecutionStatus } from "../domain/execution-status.js";
import type { LineState } from "../domain/line-state.js";

export type { Freeze, FreezeScope, LiftedFreeze, NewFreeze } from "../domain/freeze.js";

/** How many different people have approved, and how many must. */
export interface ApprovalCount {
  readonly have: number;
  readonly needed: number;
}

/** Another execution that covers the need of a line. */
export interface Covering {
  /** The line whose need is covered. */
  readonly lineIndex: number;
  /** The execution that covers it. */
  readonly executionId: string;
  readonly status: ExecutionStatus;
  /** Until when its purchase covers the need. Null while it is still to be bought, or in doubt. */
  readonly until: EpochMs | null;
}

/** The step of a plan that stands against the approval of another one. */
export interface TakenStep {
  /** `taken`: it is the same step. `back`: it is a later one. `skipped`: steps between the two are missing. */
  readonly why: "taken" | "back" | "skipped";
  /** The execution that has the step. */
  readonly executionId: string;
  readonly step: number;
}

/** Who lifts a freeze, and why. */
export interface Lifting {
  readonly id: string;
  readonly liftedBy: string;
  readonly reason: string;
}

/** Which lines in doubt are wanted. */
export interface DoubtQuery {
  readonly cloud: string;
  readonly account: string;
  readonly sentWithinMs: number;
  readonly limit: number;
}

/** Which uses of needs are wanted. */
export interface NeedQuery {
  readonly needKeys: readonly string[];
  readonly boughtWithinMs: number;
  readonly limit: number;
}

/** Which lines that take needs are wanted. */
export interface NeededLineQuery {
  readonly account?: string;
  readonly service?: string;
  /** Only these needs. */
  readonly needKeys?: readonly string[];
  readonly boughtWithinMs: number;
  /** Needs come after this one. */
  readonly after?: string;
  /** How many needs, with all their lines. */
  readonly limit: number;
}

/** A line that covers a need, or that would if its execution were approved. */
export interface NeedUse {
  readonly needKey: string;
  readonly executionId: string;
  readonly lineIndex: number;
  /** The key of the lineage, as {@link Execution.lineageKey}. */
  readonly lineageKey: string;
  readonly status: ExecutionStatus;
  readonly lineState: LineState;
  /** Until when the purchase covers the need. Null while the line is not bought. */
  readonly until: EpochMs | null;
}

/** A line that takes a need, with what it buys. */
export interface NeedLine extends NeedUse {
  readonly request: CommitmentRequest;
  /** How long ago it was bought, by the store's clock. Null while it is not bought. */
  readonly boughtAgoMs: number | null;
  /** When its execution expires if nobody approves it. */
  readonly expiresAt: EpochMs | null;
}
