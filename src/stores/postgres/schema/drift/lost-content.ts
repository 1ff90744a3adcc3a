const ALL_ROWS = "true";

/**
 * Nullable columns in which null has a meaning, with the rows that must have had, or may have had, a value.
 *
 * If such a column is lost, nulls in its place would say that a line was never sent, holds no lane, was never withdrawn
 * or never expires, or that a token has not decided. Nullable columns that are not listed only describe, so they come back empty. A column that a later
 * migration adds belongs here if its null allows a purchase.
 */
export const LOST_CONTENT: Readonly<Record<string, string>> = {
  "decision_tokens.used_at": ALL_ROWS,
  "decision_tokens.revoked_at": ALL_ROWS,
  "executions.lease_owner": "status = 'running'",
  "executions.lease_expires_at": "status = 'running'",
  "executions.approval_from": "approved_by is not null",
  "executions.expires_at": "status in ('pending', 'notified', 'paused')",
  "executions.wake_at": "status in ('scheduled', 'approved', 'running', 'in_doubt')",
  "executions.retry_of": ALL_ROWS,
  "executions.successor_id": ALL_ROWS,
  "freezes.lifted_at": ALL_ROWS,
  "freezes.lifted_by": ALL_ROWS,
  "lines.hold": ALL_ROWS,
  "lines.need": ALL_ROWS,
  "lines.submitted_at": "attempt > 0",
  "lines.unproved_since": "attempt > 0",
  "lines.sent_under": "attempt > 0",
  "lines.prepared": "attempt > 0",
  "lines.commitment": "state = 'committed'",
  "lines.rejection": "state = 'rejected'",
  "lines.doubt": "state = 'in_doubt'",
  "lines.withdrawn": "state in ('planned', 'submitting', 'in_doubt')",
  "lines.said_absent": "state <> 'committed'",
};
