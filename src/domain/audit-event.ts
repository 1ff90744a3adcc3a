import type { EpochMs } from "./clock.js";
import type { ExecutionStatus } from "./execution-status.js";

/** What kinds of change the audit trail knows: for each what happened, and who reads it for what. docs/audit-events.md lists them. */
export const AUDIT_EVENT_KINDS = [
  /** A basket was stored, as new or as a retry. Read by approvers: who asked for what. */
  "submitted",
  /** Your own code moved it to `notified`: the approvers know. Read by whoever reminds them. */
  "notified",
  /** A person let it be bought. Read by auditors: who answers for the money. */
  "approved",
  /** A person approved again after the approval had run out. Read by auditors: who answers for the money now. */
  "approval_renewed",
  /** A person approved it for a later time. Read by approvers: when it will be bought, while it can still be canceled. */
  "scheduled",
  /** A person set it aside. Read by approvers: why nothing happens. */
  "paused",
  /** A person brought it back to wait for approval. Read by approvers: it is theirs again. */
  "resumed",
  /** A person withdrew what is not bought. Read by buyers: what was wanted and is not any more. */
  "canceled",
  /** Nobody decided in time. Read by buyers: submit it again if it is still wanted. */
  "expired",
  /** A person submitted what it did not buy as a successor. Read by operators: the story goes on there. */
  "retried",
  /** Your own code moved the status and named no kind of its own. Read by whoever wrote that code. */
  "transitioned",
  /** A worker took it over for the length of a lease. Read by operators: who works on it, and how often it changed hands. */
  "claimed",
  /** A purchase request is about to be sent, under this reference and at this price. Read by auditors: from here on money may have moved. */
  "write_ahead",
  /** The cloud confirmed a purchase. Read by FinOps: the commitment ids and the charge. */
  "committed",
  /** A purchase that was in doubt was found at the cloud and is the line's. Read by FinOps: the commitment ids and the charge. */
  "adopted",
  /** A line is certainly not bought, for this reason. Read by buyers: what to change before a retry. */
  "rejected",
  /** Nobody knows whether a line was bought. Read by operators: watch it, buy nothing by hand. */
  "put_in_doubt",
  /** A request was announced and no byte of it left. Read by operators: nothing was bought by it. */
  "not_sent",
  /** An earlier request is proved to have bought nothing. Read by operators: the line is free to be bought. */
  "not_landed",
  /** Another look proved nothing, for this reason. Read by operators: what the proof waits for. */
  "still_in_doubt",
  /** An attempt failed before anything was sent. Read by operators: what keeps the line from being bought. */
  "attempt_failed",
  /** A line is not bought any more: it was canceled, or bought in another way. Read by buyers: why it is missing. */
  "skipped",
  /** A worker that takes long still works on it. Read by operators: it is not stuck. */
  "lease_renewed",
  /** The commitment carries the line's token at the cloud. Read by FinOps: its ids, where the cloud gave it new ones. */
  "labeled",
  /** A queued purchase was taken back at the cloud. Read by FinOps: it will not be charged. */
  "withdrawn",
  /** A person said what became of a line in doubt. Read by auditors: whose word it is, and the evidence. */
  "resolved",
  /** A person's word was replaced by a later one. Read by auditors: both values. */
  "resolution_corrected",
  /** A commitment that a person had given to a line was taken back, because the cloud says whose it is. Read by operators: that line needs a word again. */
  "claim_released",
  /** A purchase was recorded late, because the store had failed. Read by auditors: nothing was lost meanwhile. */
  "persistence_failed",
  /** A commitment was found for a line that had ended otherwise. Read by FinOps: it is bought after all. */
  "late_evidence",
  /** A line turned out to have a second commitment. Read by FinOps: check both with the cloud at once. */
  "duplicate_found",
  /** A round is over and lines are still to buy. Read by operators: when the next attempt comes, and what it waits for. */
  "handed_back",
  /** A round is over and the lines prove this status. Read by operators: what is bought, refused, or still in doubt. */
  "settled",
  /** Nobody worked on it for too long; it got the status that its lines prove. Read by operators: look for a worker that died or a scheduler that stands still. */
  "reaped",
] as const;

/** One of {@link AUDIT_EVENT_KINDS}. */
export type AuditEventKind = (typeof AUDIT_EVENT_KINDS)[number];

/** What a change says about itself; the store adds the rest. */
export interface NewAuditEvent {
  readonly kind: AuditEventKind;
  /** The person or worker that made the change. */
  readonly actor: string;
  readonly reason?: string;
  readonly lineIndex?: number;
  /** Evidence as JSON; never an unmasked token or credential. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** One change of one execution, written together with it. */
export interface AuditEvent extends NewAuditEvent {
  readonly executionId: string;
  /** The version that the change gave the execution: 1, 2, 3, without gaps. */
  readonly version: number;
  readonly at: EpochMs;
  /** The status after the change. */
  readonly status: ExecutionStatus;
}
