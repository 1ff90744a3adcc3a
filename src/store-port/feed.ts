import type { AuditEvent, AuditEventKind } from "../domain/audit-event.js";

/** Which events of all executions are wanted. */
export interface FeedQuery {
  /** The `cursor` of the page before. Absent: from the first event. */
  readonly after?: string;
  /** The most events of one page. A page may hold fewer, or none, though more follow: see {@link FeedPage.more}. */
  readonly limit: number;
  /** Only events of these kinds. */
  readonly kinds?: readonly AuditEventKind[];
}

/** One page of the events of all executions, in the order of the feed. */
export interface FeedPage {
  readonly events: readonly AuditEvent[];
  /** Where the next page begins: after the last event that was looked at, be it of a wanted kind or not. */
  readonly cursor: string;
  /** Whether more events may be there already. */
  readonly more: boolean;
}

/** Moves the cursor that the store keeps for a consumer of the feed. */
export interface FeedCursorMove {
  readonly consumer: string;
  /** The cursor that the caller read. Null if there was none. */
  readonly from: string | null;
  /** The new cursor. Null forgets the consumer. */
  readonly to: string | null;
}
