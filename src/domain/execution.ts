import type { EpochMs } from "./clock.js";
import type { CommitmentRequest } from "./commitment-request/commitment-request.js";
import type { Commitment, Doubt, LastError, Prepared, Rejection, SaidAbsent, WithdrawnBy } from "./evidence.js";
import type { ExecutionStatus } from "./execution-status.js";
import type { IdempotencyContract } from "./idempotency-contract.js";
import type { LineState } from "./line-state.js";

/** The part of a line that changes; a change always replaces all of it, guarded by the execution's version. */
export interface LineProgress {
  readonly state: LineState;
  /** How many write-aheads this line has had. */
  readonly attempt: number;
  /** When the last request that may have left was written ahead, by the store's clock. */
  readonly submittedAt: EpochMs | null;
  /** When the first write-ahead was stored of those not yet proved fruitless; null while nothing can exist. */
  readonly unprovedSince: EpochMs | null;
  /** How many requests may have left since then. */
  readonly unprovedRequests: number;
  /**
   * Under which contract those requests were sent, the widest bounds of them; null while nothing can exist. It is that of
   * the provider that sent them, so a later version with other bounds waits as long as they can land.
   */
  readonly sentUnder: IdempotencyContract | null;
  readonly prepared: Prepared | null;
  readonly commitment: Commitment | null;
  /** Whether the commitment still has to be labeled with the token at the cloud. */
  readonly needsLabel: boolean;
  readonly rejection: Rejection | null;
  readonly doubt: Doubt | null;
  readonly lastError: LastError | null;
  /** Set once a person canceled it: nothing of it is sent any more, and if it never landed it is skipped. */
  readonly withdrawn: WithdrawnBy | null;
  /** A person's word about an earlier purchase of this line, until the next purchase has compared the cloud with it. */
  readonly saidAbsent: SaidAbsent | null;
}

/** One commitment to buy inside an execution. */
export interface PurchaseLine extends LineProgress {
  /** Position in the basket that was first submitted; never changes, also not in a retry. */
  readonly index: number;
  readonly request: CommitmentRequest;
  /** SHA-256 of the request's canonical JSON, as approved. */
  readonly fingerprint: string;
}

/** Who runs an execution, and until when by the store's clock. */
export interface Lease {
  readonly owner: string;
  readonly expiresAt: EpochMs;
}

/** The plan that a basket carries out, and which step of it. */
export interface PlanStep {
  readonly id: string;
  /** Counted as the caller counts; null where the plan has no steps. */
  readonly step: number | null;
}

/** One basket of purchases: the unit of approval, status, lease and audit. All times are by the store's clock. */
export interface Execution {
  readonly id: string;
  /** The caller's own key; the same key again gives the same execution. */
  readonly requestKey: string;
  /** Fingerprint of everything submitted under the request key. */
  readonly contentFingerprint: string;
  /** Stable key of this execution and all its retries; the tokens derive from it. */
  readonly lineageKey: string;
  readonly status: ExecutionStatus;
  /** Counts the changes; each change has the audit event of the same number. */
  readonly version: number;
  /** Counts the claims; every write of a worker carries the fence of its claim. */
  readonly fence: number;
  readonly lease: Lease | null;
  /** What the caller says about where the basket comes from: a ticket, a recommendation. */
  readonly source: string | null;
  /** Copied to every retry. */
  readonly plan: PlanStep | null;
  readonly createdBy: string;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
  readonly statusChangedAt: EpochMs;
  readonly approvedBy: string | null;
  /** From when the approval counts: when it was given or, where it was scheduled, the due time. */
  readonly approvedAt: EpochMs | null;
  /** When a pending execution expires unapproved; null for never. */
  readonly expiresAt: EpochMs | null;
  /** Before this the next step would be useless: the due time, the end of a settle wait, a pause after a failed attempt. */
  readonly wakeAt: EpochMs | null;
  /** Why it has its status, in a sentence. */
  readonly reason: string | null;
  /** The failed execution that this one retries. */
  readonly retryOf: string | null;
  /** The execution that retries this one. */
  readonly successorId: string | null;
  /** In the order of their indices. */
  readonly lines: readonly PurchaseLine[];
}

/**
 * An execution as it leaves the engine: without the lineage key, from which every token of its lines derives, and with
 * an id of the lineage in its place. The names and client tokens that the lines were prepared with are masked.
 */
export type ExecutionView = Omit<Execution, "lineageKey"> & {
  /** The same for an execution and all its retries. */
  readonly lineageId: string;
};

/** A line nothing has happened to. */
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
};
