import type { AuditEvent, NewAuditEvent } from "../../../domain/audit-event.js";
import type { Execution } from "../../../domain/execution.js";
import { storableText } from "../../../domain/text.js";
import type { FeedCursorMove, FeedPage, FeedQuery } from "../../../store-port/execution-store.js";
import { cursorAfter, feedWindow, positionBefore, unknownFeedCursor } from "../../../store-port/feed-cursor.js";
import type { Connection, Row } from "../database/connection.js";
import { decodeJson, encodeJson } from "./json-column.js";
import { insertRow } from "./write-row.js";

/** Which events of an execution are wanted. */
interface EventPage {
  readonly afterVersion?: number;
  readonly limit?: number;
}

/** Stores the event of a version. */
export function addEvent(
  connection: Connection,
  { id, version, updatedAt, status }: Execution,
  { kind, actor, reason, lineIndex, data }: NewAuditEvent,
): void {
  insertRow(connection, "buyonce_events", {
    ...{ execution_id: id, version, at: updatedAt, status, kind, actor: storableText(actor) },
    reason: reason === undefined ? null : storableText(reason),
    line_index: lineIndex ?? null,
    data: encodeJson(data),
  });
}

/** Removes the audit trails of executions. */
export function removeEvents(connection: Connection, executionIds: readonly string[]): void {
  const last = lastPosition(connection);
  for (const id of executionIds) connection.run("delete from buyonce_events where execution_id = ?", id);
  if (lastPosition(connection) === last) return;
  const nobody = { execution_id: NOBODY, version: last, at: 0, status: "", kind: "", actor: "" };
  insertRow(connection, "buyonce_events", { position: last, ...nobody });
}

/** In place of an execution, for a row that keeps the position of the last event. */
const NOBODY = "";

const lastPosition = (connection: Connection): number =>
  Number(connection.get("select max(position) as position from buyonce_events")?.["position"] ?? 0);

/** Reads the audit trail of an execution. */
export const readEvents = (
  connection: Connection,
  executionId: string,
  { afterVersion = 0, limit = 1_000 }: EventPage,
): readonly AuditEvent[] =>
  connection
    .all(
      "select * from buyonce_events where execution_id = ? and version > ? order by version limit ?",
      executionId,
      afterVersion,
      limit,
    )
    .map(decodeEvent);

const decodeEvent = (row: Row): AuditEvent => ({
  executionId: String(row["execution_id"]),
  version: Number(row["version"]),
  at: Number(row["at"]),
  status: row["status"] as AuditEvent["status"],
  kind: row["kind"] as AuditEvent["kind"],
  actor: String(row["actor"]),
  ...(row["reason"] !== null && { reason: String(row["reason"]) }),
  ...(row["line_index"] !== null && { lineIndex: Number(row["line_index"]) }),
  ...(row["data"] !== null && { data: decodeJson(row["data"]) }),
});

/** Reads the next events of all executions. */
export function readFeed(connection: Connection, query: FeedQuery): FeedPage {
  const { limit, kinds } = query;
  const window = feedWindow(query);
  const from = placeInFeed(connection, query.after);
  const rows = connection.all(
    "select * from buyonce_events where position > ? order by position limit ?",
    from,
    window,
  );
  const events: AuditEvent[] = [];
  let seen = 0;
  for (; seen < rows.length && events.length < limit; seen += 1) {
    const row = rows[seen] as Row;
    const isWanted = row["execution_id"] !== NOBODY && (kinds?.includes(row["kind"] as AuditEvent["kind"]) ?? true);
    if (isWanted) events.push(decodeEvent(row));
  }
  const last = rows[seen - 1];
  const cursor = cursorAfter(last === undefined ? from : Number(last["position"]));
  return { events, cursor, more: seen < rows.length || rows.length === window };
}

/** The place of a cursor. One beyond the last event ever is not of this file, and would pass over events to come. */
function placeInFeed(connection: Connection, cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const position = positionBefore(cursor);
  if (position > lastPosition(connection)) throw unknownFeedCursor(cursor);
  return position;
}

/** Reads the cursor of a consumer of the feed. */
export const readFeedCursor = (connection: Connection, consumer: string): string | null => {
  const row = connection.get("select cursor from buyonce_feed_cursors where consumer = ?", consumer);
  return row === undefined ? null : String(row["cursor"]);
};

/** Moves the cursor of a consumer of the feed, if it is still as the caller read it. */
export function moveFeedCursor(connection: Connection, { consumer, from, to }: FeedCursorMove): boolean {
  for (const cursor of [from, to]) if (cursor !== null) positionBefore(cursor);
  if (readFeedCursor(connection, consumer) !== from) return false;
  connection.run("delete from buyonce_feed_cursors where consumer = ?", consumer);
  if (to !== null) insertRow(connection, "buyonce_feed_cursors", { consumer, cursor: to });
  return true;
}
