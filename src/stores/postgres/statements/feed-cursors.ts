import { storableText } from "../../../domain/text.js";
import type { ExecutionStore } from "../../../store-port/execution-store.js";
import { cursorAfter, positionBefore } from "../../../store-port/feed-cursor.js";
import type { Database } from "../database.js";

/** Reads the cursor that is kept for a consumer of the feed. */
export function readFeedCursor({ schema, statement }: Database): ExecutionStore["feedCursor"] {
  const run = statement("feed_cursor", `select position::text from ${schema}.feed_cursors where consumer = $1`);
  return async (consumer) => {
    const [row] = await run([storableText(consumer)]);
    return row === undefined ? null : cursorAfter(Number(row["position"]));
  };
}

/** Moves the cursor of a consumer, if it is where the caller read it. */
export function moveFeedCursor(database: Database): ExecutionStore["moveFeedCursor"] {
  const { schema, statement } = database;
  const current = readFeedCursor(database);
  const begin = statement(
    "feed_cursor_begin",
    `insert into ${schema}.feed_cursors (consumer, position, moved_at) values ($1, $2::bigint, clock_timestamp())
         on conflict do nothing
     returning consumer`,
  );
  const move = statement(
    "feed_cursor_move",
    `update ${schema}.feed_cursors set position = $3::bigint, moved_at = clock_timestamp()
      where consumer = $1 and position = $2::bigint
     returning consumer`,
  );
  const forget = statement(
    "feed_cursor_forget",
    `delete from ${schema}.feed_cursors where consumer = $1 and position = $2::bigint returning consumer`,
  );
  return async ({ consumer, from, to }) => {
    const name = storableText(consumer);
    if (from === null && to === null) return (await current(consumer)) === null;
    const positions = [from, to].flatMap((cursor) => (cursor === null ? [] : [positionBefore(cursor)]));
    const run = from === null ? begin : to === null ? forget : move;
    return (await run([name, ...positions])).length > 0;
  };
}
