import type { Migration } from "../../../schema/migration.js";

/**
 * Adds the order of the feed, the cursors of its consumers, and a way to find the lines that wait for a lane.
 *
 * An event has no position until a reader of the feed gives it one, after the event's commit. So a position never
 * becomes visible below one that is visible already. The row `feed` of the guards has the last position that was given,
 * and whoever gives positions locks it.
 *
 * Older versions store events without a position, as this one does, so their events are fed too. The unique index holds
 * only what no older version writes.
 */
export const feed: Migration = {
  number: 9,
  name: "feed",
  compatibleFrom: 7,
  sql: `
create index lines_waiting on lines ((last_error ->> 'lane') collate "C")
  where state = 'planned' and (last_error ->> 'lane') is not null;

alter table events add column position bigint;
create index events_unplaced on events (at) where position is null;
create unique index events_position on events (position) where position is not null;

insert into guards (key, content) values ('feed', '0');

create table feed_cursors (
  consumer text collate "C" primary key,
  position bigint not null,
  moved_at timestamptz(3) not null
);
`,
};
