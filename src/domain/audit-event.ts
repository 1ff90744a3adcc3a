import type { EpochMs } from "./clock.js";
import type { ExecutionStatus } from "./execution-status.js";

/** The kinds of change in the audit trail: for each, what happened, who reads it, and why. docs/audit-events.md lists them. */
export const AUDIT_EVENT_KINDS = [
  /** A basket was stored, as new or as a retry. Read by approvers: who asked for what. */
  "submitted",
  /** The approvers were told that the execution waits for them, and in which channel. Read by the people who remind the approvers. */
  "notified",
  /** A link was made by which one recipient may decide once, until when, and who asked for it. Read by auditors: who could decide. */
  "decision_link_issued",
  /** The links that nobody had used were ended. Read by approvers: why their link does nothing any more. */
  "decision_links_revoked",
  /** A person approved the execution for purchase. Read by auditors: who answers for the money. */
  "approved",
  /** A person approved, and others still must. Read by approvers: who has approved, and how many are missing. */
  "approval_given",
  /** A person approved again after the approval had run out. Read by auditors: who answers for the money now. */
  "approval_renewed",
  /** A person approved the execution for a later time. Read by approvers: when it will be bought. It can still be canceled until then. */
  "scheduled",
  /** A person paused the execution. Read by approvers: why nothing happens. */
  "paused",
  /** A person resumed the execution, which waits for approval again. Read by approvers: they must decide again. */
  "resumed",
  /** A person withdrew the lines that are not bought. Read by buyers: what is no longer wanted. */
  "canceled",
  /** Nobody decided in time. Read by buyers: submit the basket again if it is still wanted. */
  "expired",
  /** A person submitted the lines that were not bought as a successor. Read by operators: the successor's trail continues this one. */
  "retried",
  /** Your own code moved the status and named no kind of its own. Read by the authors of that code. */
  "transitioned",
  /** A worker claimed the execution for the length of a lease. Read by operators: who works on it, and how often the worker changed. */
  "claimed",
  /** A purchase request is about to be sent, under this reference and at this price. Read by auditors: from now on money may have moved. */
  "write_ahead",
  /** The cloud confirmed a purchase. Read by FinOps: the commitment ids and the charge. */
  "committed",
  /** A purchase in doubt was found at the cloud, and it is the line's. Read by FinOps: the commitment ids and the charge. */
  "adopted",
  /** A line is certainly not bought, for this reason. Read by buyers: what to change before a retry. */
  "rejected",
  /** Nobody knows whether a line was bought. Read by operators: watch the line, and buy nothing by hand. */
  "put_in_doubt",
  /** A request was announced, but no byte of it left. Read by operators: this request bought nothing. */
  "not_sent",
  /** An earlier request is proved to have bought nothing. Read by operators: the line is free to be bought. */
  "not_landed",
  /** Another look proved nothing, for this reason. Read by operators: what the proof waits for. */
  "still_in_doubt",
  /** An attempt failed before anything was sent. Read by operators: what keeps the line from being bought. */
  "attempt_failed",
  /** A price outside the tolerance was found, and the line waits for people. Read by approvers: the price to accept. */
  "price_drifted",
  /** A person accepted a price that was found outside the tolerance. Read by auditors: the expected and the accepted price, and how many people are still missing. */
  "price_accepted",
  /** A line will not be bought: it was canceled, or bought in another way. Read by buyers: why the line is missing. */
  "skipped",
  /** A worker still works on a slow execution. Read by operators: the execution is not stuck. */
  "lease_renewed",
  /** The commitment carries the line's token at the cloud. Read by FinOps: the commitment ids, if the cloud gave new ones. */
  "labeled",
  /** A queued purchase was withdrawn at the cloud. Read by FinOps: the purchase will not be charged. */
  "withdrawn",
  /** A person said what became of a line in doubt. Read by auditors: whose word it is, and the evidence. */
  "resolved",
  /** A person's word was replaced by a later one. Read by auditors: both values. */
  "resolution_corrected",
  /** A commitment that a person had given to a line was taken back, because the cloud says which line it belongs to. Read by operators: a person must resolve the losing line again. */
  "claim_released",
  /** A purchase was recorded late, because the store had failed. Read by auditors: nothing was lost meanwhile. */
  "persistence_failed",
  /** A commitment was found for a line that had ended otherwise. Read by FinOps: the line is bought after all. */
  "late_evidence",
  /** A second commitment was found for a line. Read by FinOps: check both with the cloud at once. */
  "duplicate_found",
  /** A lane that a line of the execution waits for is free. Read by operators: why the next attempt comes earlier than the last round said. */
  "woken",
  /** A round is over, and lines are still to be bought. Read by operators: when the next attempt comes, and what it waits for. */
  "handed_back",
  /** A round is over, and the lines prove this status. Read by operators: what is bought, refused, or still in doubt. */
  "settled",
  /** Nobody worked on the execution for too long, so it got the status that its lines prove. Read by operators: look for a dead worker or a stopped scheduler. */
  "reaped",
] as const;

/** One of {@link AUDIT_EVENT_KINDS}. */
export type AuditEventKind = (typeof AUDIT_EVENT_KINDS)[number];

/** What a change says about itself. The store adds the rest. */
export interface NewAuditEvent {
  readonly kind: AuditEventKind;
  /** The person or worker that made the change. */
  readonly actor: string;
  readonly reason?: string;
  readonly lineIndex?: number;
  /** Evidence as JSON. Never an unmasked token or credential. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** One change of one execution. The event is written in the same statement as the change. */
export interface AuditEvent extends NewAuditEvent {
  readonly executionId: string;
  /** The version that the change gave the execution: 1, 2, 3, without gaps. */
  readonly version: number;
  readonly at: EpochMs;
  /** The status after the change. */
  readonly status: ExecutionStatus;
}

/** The event of a change, by the execution as the change has left it. */
export const auditEventOf = (
  { id: executionId, version, updatedAt: at, status }: ChangedExecution,
  event: NewAuditEvent,
): AuditEvent => ({ ...event, executionId, version, at, status });

/** The parts of an execution that its last event repeats. */
interface ChangedExecution extends Pick<AuditEvent, "version" | "status"> {
  readonly id: string;
  readonly updatedAt: EpochMs;
}
