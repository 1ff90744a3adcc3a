import type { AuditEvent, NewAuditEvent } from "../../../domain/audit-event.js";
import type { Execution } from "../../../domain/execution.js";
import { storableText } from "../../../domain/text.js";
import type { FeedCursorMove, FeedPage, FeedQuery } from "../../../store-port/execution-store.js";
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

/** How many events of other kinds a page looks at, at the least, before it ends. */
const LOOKED_AT = 500;

/** Reads the next events of all executions. */
export function readFeed(connection: Connection, { after, limit, kinds }: FeedQuery): FeedPage {
  const from = positionOf(connection, after);
  const looked = kinds === undefined ? limit : Math.max(limit, LOOKED_AT);
  const rows = connection.all(
    "select * from buyonce_events where position > ? order by position limit ?",
    from,
    looked + 1,
  );
  const events: AuditEvent[] = [];
  let cursor = from;
  let seen = 0;
  for (const row of rows.slice(0, looked)) {
    if (events.length === limit) break;
    if (row["execution_id"] !== NOBODY && (kinds?.includes(row["kind"] as AuditEvent["kind"]) ?? true))
      events.push(decodeEvent(row));
    cursor = Number(row["position"]);
    seen += 1;
  }
  return { events, cursor: String(cursor), more: seen < rows.length };
}

/** The position of a cursor. A cursor beyond the last event ever is not of this file: it would pass over events to come. */
function positionOf(connection: Connection, cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,15}$/.test(cursor) && Number(cursor) <= lastPosition(connection)) return Number(cursor);
  throw new TypeError(`after must be the cursor of a page of this feed; got ${JSON.stringify(cursor)}`);
}

/** Reads the cursor of a consumer of the feed. */
export const readFeedCursor = (connection: Connection, consumer: string): string | null => {
  const row = connection.get("select cursor from buyonce_feed_cursors where consumer = ?", consumer);
  return row === undefined ? null : String(row["cursor"]);
};

/** Moves the cursor of a consumer of the feed, if it is still as the caller read it. */
export function moveFeedCursor(connection: Connection, { consumer, from, to }: FeedCursorMove): boolean {
  if (readFeedCursor(connection, consumer) !== from) return false;
  connection.run("delete from buyonce_feed_cursors where consumer = ?", consumer);
  if (to !== null) insertRow(connection, "buyonce_feed_cursors", { consumer, cursor: to });
  return true;
}
