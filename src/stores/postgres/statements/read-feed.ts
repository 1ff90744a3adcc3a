import type { AuditEventKind } from "../../../domain/audit-event.js";
import type { ExecutionStore, FeedPage, FeedQuery } from "../../../store-port/execution-store.js";
import { cursorAfter, feedWindow, positionBefore, unknownFeedCursor } from "../../../store-port/feed-cursor.js";
import type { Database } from "../database.js";
import { decodeEvent, type EventRow } from "./event-row.js";
import { placeEvents } from "./place-events.js";

/**
 * Reads the events of all executions in the order of their positions.
 *
 * A page that comes to the end gives positions to the committed events that have none, and is read again. Without such
 * events nothing is written.
 */
export function readFeed(database: Database): ExecutionStore["feed"] {
  const read = placedEvents(database);
  const place = placeEvents(database);
  return async (query) => {
    const { page, isWhole } = await read(query);
    if (isWhole) return page;
    await place();
    return (await read(query)).page;
  };
}

interface ReadPage {
  readonly page: FeedPage;
  /** Whether events without a position could not add to the page. */
  readonly isWhole: boolean;
}

function placedEvents({ schema, statement }: Database): (query: FeedQuery) => Promise<ReadPage> {
  const run = statement(
    "feed",
    `with looked as materialized (
       select * from ${schema}.events where position > $1::bigint order by position limit $2
     ), wanted as (
       select * from looked where $3::text[] is null or kind = any ($3::text[]) order by position limit $4
     )
     select (select content #>> '{}' from ${schema}.guards where key = 'feed') as last,
            (select count(*)::text from looked) as looked,
            (select max(position)::text from looked) as looked_to,
            (select json_agg(row_to_json(wanted) order by position)::text from wanted) as events,
            -- In an order, so that no plan searches the table.
            (select true::text from ${schema}.events where position is null order by at limit 1) as unplaced`,
  );
  return async (query) => {
    const after = query.after === undefined ? 0 : positionBefore(query.after);
    const window = feedWindow(query);
    const [row = {}] = await run([after, window, kindsOf(query), query.limit]);
    if (query.after !== undefined && after > Number(row["last"])) throw unknownFeedCursor(query.after);
    const events = JSON.parse(String(row["events"] ?? "[]")) as readonly PlacedEvent[];
    const lookedTo = Number(row["looked_to"] ?? after);
    const to = events.length < query.limit ? lookedTo : (events.at(-1)?.position ?? after);
    const isEnd = to === lookedTo && Number(row["looked"]) < window;
    const isUnplaced = row["unplaced"] === "true";
    return {
      page: { events: events.map(decodeEvent), cursor: cursorAfter(to), more: !isEnd || isUnplaced },
      isWhole: !isEnd || !isUnplaced || events.length >= query.limit,
    };
  };
}

interface PlacedEvent extends EventRow {
  readonly position: number;
}

const kindsOf = ({ kinds }: FeedQuery): readonly AuditEventKind[] | null => kinds ?? null;
