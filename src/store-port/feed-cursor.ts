import type { BuyonceError } from "../domain/errors.js";
import { invalidArgument } from "../domain/input-problem.js";
import type { FeedQuery } from "./feed.js";

/** How many positions a page of some kinds looks at, at least. So a rare kind needs few pages, and no page takes long. */
const WINDOW = 1_000;

/** How many positions a page looks at, at most. One beyond its events tells whether there are more. */
export const feedWindow = ({ limit, kinds }: FeedQuery): number =>
  kinds === undefined ? limit + 1 : Math.max(limit + 1, WINDOW);

/** The cursor after the event at a position. Positions begin at 1. */
export const cursorAfter = (position: number): string => `${position}`;

/** The position after which a page begins. A text that is no cursor is refused with `INVALID_REQUEST`. */
export function positionBefore(cursor: string): number {
  const position = /^(0|[1-9]\d{0,15})$/.test(cursor) ? Number(cursor) : Number.NaN;
  if (!Number.isSafeInteger(position)) throw unknownFeedCursor(cursor);
  return position;
}

/** The refusal of a cursor that no page gave. */
export const unknownFeedCursor = (cursor: string): BuyonceError =>
  invalidArgument("query.after", `must be the cursor of a page of this feed; got ${JSON.stringify(cursor)}`);
