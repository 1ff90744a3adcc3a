import type { AuditEvent } from "../../domain/audit-event.js";
import type { FeedCursorMove, FeedPage, FeedQuery } from "../../store-port/execution-store.js";
import { cursorAfter, feedWindow, positionBefore, unknownFeedCursor } from "../../store-port/feed-cursor.js";

/** The events of all executions in the order in which they were stored, and the cursors of consumers. */
export interface MemoryFeed {
  add(event: AuditEvent): void;
  /** Removes the events of an execution. The positions of the others stay. */
  remove(executionId: string): void;
  page(query: FeedQuery): FeedPage;
  cursor(consumer: string): string | null;
  moveCursor(move: FeedCursorMove): boolean;
}

/** An empty feed. */
export function memoryFeed(): MemoryFeed {
  /** The event at position 1 comes first. Removed events leave their places empty. */
  const events: (AuditEvent | undefined)[] = [];
  const positions = new Map<string, number[]>();
  const cursors = new Map<string, string>();

  const page = (query: FeedQuery): FeedPage => {
    const { after, limit, kinds } = query;
    const from = after === undefined ? 0 : positionBefore(after);
    if (after !== undefined && from > events.length) throw unknownFeedCursor(after);
    const end = Math.min(events.length, from + feedWindow(query));
    const found: AuditEvent[] = [];
    let at = from;
    for (; at < end && found.length < limit; at += 1) {
      const event = events[at];
      if (event !== undefined && (kinds === undefined || kinds.includes(event.kind))) found.push(event);
    }
    return { events: found, cursor: cursorAfter(at), more: at < events.length };
  };

  const moveCursor = ({ consumer, from, to }: FeedCursorMove): boolean => {
    for (const cursor of [from, to]) if (cursor !== null) positionBefore(cursor);
    if ((cursors.get(consumer) ?? null) !== from) return false;
    if (to === null) cursors.delete(consumer);
    else cursors.set(consumer, to);
    return true;
  };

  return {
    add(event) {
      const position = events.push(event);
      const ofExecution = positions.get(event.executionId);
      if (ofExecution === undefined) positions.set(event.executionId, [position]);
      else ofExecution.push(position);
    },
    remove(executionId) {
      for (const position of positions.get(executionId) ?? []) events[position - 1] = undefined;
      positions.delete(executionId);
    },
    page,
    cursor: (consumer) => cursors.get(consumer) ?? null,
    moveCursor,
  };
}
