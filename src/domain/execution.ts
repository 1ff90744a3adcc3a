import type { EpochMs } from "./clock.js";
import type { CommitmentRequest } from "./commitment-request/commitment-request.js";
import type {
  Commitment,
  Doubt,
  LastError,
  Prepared,
  PriceDrift,
  Rejection,
  SaidAbsent,
  WithdrawnBy,
} from "./evidence.js";
import type { ExecutionStatus } from "./execution-status.js";
import type { IdempotencyContract } from "./idempotency-contract.js";
import type { LineState } from "./line-state.js";
import type { Need } from "./need.js";

/** The part of a line that changes. A change always replaces all of it, guarded by the execution's version. */
export interface LineProgress {
  readonly state: LineState;
  /** How many write-aheads this line has had. */
  readonly attempt: number;
  /** When the last request that may have left was written ahead, by the store's clock. */
  readonly submittedAt: EpochMs | null;
  /**
   * When the first write-ahead was stored whose request may still have bought something. Null while nothing can exist.
   */
  readonly unprovedSince: EpochMs | null;
  /** How many requests may have left since `unprovedSince`. */
  readonly unprovedRequests: number;
  /**
   * The contract under which those requests were sent, with their widest bounds. Null while nothing can exist. The
   * contract is that of the provider that sent them. So a later version with other bounds still waits as long as these
   * requests can land.
   */
  readonly sentUnder: IdempotencyContract | null;
  readonly prepared: Prepared | null;
  readonly commitment: Commitment | null;
  /** Whether the commitment still has to be labeled with the token at the cloud. */
  readonly needsLabel: boolean;
  readonly rejection: Rejection | null;
  readonly doubt: Doubt | null;
  readonly lastError: LastError | null;
  /**
   * Set once a person canceled the line. Nothing of it is sent any more. If no request of it landed, the line is
   * skipped.
   */
  readonly withdrawn: WithdrawnBy | null;
  /**
   * A person's word that an earlier purchase of this line bought nothing. It is kept until the next purchase has
   * compared the cloud with it.
   */
  readonly saidAbsent: SaidAbsent | null;
  /** The last price that was found outside the tolerance, if the engine asks people about it. */
  readonly priceDrift: PriceDrift | null;
}

/** One commitment to buy inside an execution. */
export interface PurchaseLine extends LineProgress {
  /** Position in the basket that was first submitted. It never changes, not even in a retry. */
  readonly index: number;
  readonly request: CommitmentRequest;
  /** SHA-256 of the request's canonical JSON, as approved. */
  readonly fingerprint: string;
  /** What the line covers. Null if nothing watches over it: the engine does not, or the line is older than that. */
  readonly need: Need | null;
}

/** The worker that runs an execution, and the time until which it may, by the store's clock. */
export interface Lease {
  readonly owner: string;
  readonly expiresAt: EpochMs;
}

/** The plan that a basket carries out, and which step of it. */
export interface PlanStep {
  readonly id: string;
  /** The step's number as the caller counts. Null if the plan has no steps. */
  readonly step: number | null;
  /** Why steps before this one are left out. Absent if none is. */
  readonly skipStep?: string;
}

/** One basket of purchases: the unit of approval, status, lease and audit. All times are by the store's clock. */
export interface Execution {
  readonly id: string;
  /** The caller's own key. A second submission with the same key returns the same execution. */
  readonly requestKey: string;
  /**
   * Fingerprint of everything submitted under the request key. For a retry, of the lines that it has. So an approval can
   * state what it approves.
   */
  readonly contentFingerprint: string;
  /** Stable key of this execution and all its retries. The tokens derive from it. */
  readonly lineageKey: string;
  readonly status: ExecutionStatus;
  /** The number of changes so far. Each change has an audit event with its number. */
  readonly version: number;
  /** The number of claims so far. Every write of a worker carries the fence of its claim. */
  readonly fence: number;
  readonly lease: Lease | null;
  /** Where the basket comes from, in the caller's words: a ticket, a recommendation. */
  readonly source: string | null;
  /** The plan that the basket carries out. It is copied to every retry. */
  readonly plan: PlanStep | null;
  readonly createdBy: string;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
  readonly statusChangedAt: EpochMs;
  readonly approvedBy: string | null;
  /** How many different people must approve. At least 1. */
  readonly approvalsNeeded: number;
  /** Who has approved what is to be bought, each person once, in the order of their approvals. */
  readonly approvers: readonly string[];
  /** The time from which the approval counts: the time of the approval, or the due time of a scheduled execution. */
  readonly approvedAt: EpochMs | null;
  /** When a pending execution expires without an approval. Null for never. */
  readonly expiresAt: EpochMs | null;
  /**
   * The earliest time at which the next step makes sense: the due time, the end of a settle wait, or the end of a pause
   * after a failed attempt.
   */
  readonly wakeAt: EpochMs | null;
  /** Why the execution has its status, in a sentence. */
  readonly reason: string | null;
  /** The failed execution that this one retries. */
  readonly retryOf: string | null;
  /** The execution that retries this one. */
  readonly successorId: string | null;
  /** The lines, in the order of their indices. */
  readonly lines: readonly PurchaseLine[];
}

/**
 * An execution as it leaves the engine. It has an id of the lineage in place of the lineage key, because every token of
 * its lines derives from that key. The names and client tokens that the lines were prepared with are masked.
 */
export type ExecutionView = Omit<Execution, "lineageKey"> & {
  /** The id of the lineage: the same for an execution and all its retries. */
  readonly lineageId: string;
  /** Which retry of its lineage the execution is: 0 for the basket that was submitted, 1 for its first retry. */
  readonly retryAttempt: number;
};

/** The progress of a new line. */
export const PLANNED: LineProgress = {
  state: "planned",
  attempt: 0,
  submittedAt: null,
  unprovedSince: null,
  unprovedRequests: 0,
  sentUnder: null,
  prepared: null,
  commitment: null,
  needsLabel: false,
  rejection: null,
  doubt: null,
  lastError: null,
  withdrawn: null,
  saidAbsent: null,
  priceDrift: null,
};
