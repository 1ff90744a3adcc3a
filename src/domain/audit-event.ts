import type { EpochMs } from "./clock.js";
import type { ExecutionStatus } from "./execution-status.js";

/** What kinds of change the audit trail knows. */
export const AUDIT_EVENT_KINDS = [
  "submitted",
  "notified",
  "approved",
  "approval_renewed",
  "scheduled",
  "paused",
  "resumed",
  "canceled",
  "expired",
  "retried",
  "transitioned",
  "claimed",
  "write_ahead",
  "committed",
  "adopted",
  "rejected",
  "put_in_doubt",
  "not_sent",
  "not_landed",
  "still_in_doubt",
  "attempt_failed",
  "skipped",
  "lease_renewed",
  "labeled",
  "withdrawn",
  "resolved",
  "resolution_corrected",
  "claim_released",
  "persistence_failed",
  "late_evidence",
  "duplicate_found",
  "handed_back",
  "settled",
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
