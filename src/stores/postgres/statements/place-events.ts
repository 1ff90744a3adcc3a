import type { Database } from "../database.js";

/** How many events get a position at once. Whoever waits for the lock waits for so many rows. */
const BATCH = 1_000;

/**
 * Gives positions in the feed to committed events that have none, the oldest first, at most {@link BATCH} at once.
 *
 * The first statement of the block locks the row with the last position until the commit. So positions become visible in
 * their order. The second statement begins with the lock, so it sees every event that was placed or committed before.
 *
 * Of each execution the versions above its last placed one are taken, in their order, up to the oldest ones of all.
 * They are ordered by the latest time up to them, as clocks may go backwards. So whatever a batch leaves comes later in
 * every execution. Events that a removal has locked are passed over with all that follow them, so that nobody waits for
 * its transaction, or deadlocks with it.
 */
export function placeEvents({ schema, unnamed }: Database): () => Promise<void> {
  const run = unnamed(`do $place$
declare
  given bigint;
  placed bigint;
begin
  update ${schema}.guards set content = content where key = 'feed' returning (content #>> '{}')::bigint into given;
  if given is null then
    raise exception 'the row of the feed is missing; run migrate';
  end if;
  with oldest as materialized (
    select execution_id, version from ${schema}.events where position is null order by at limit ${BATCH}
  ), tops as (
    select execution_id, min(version) as lowest, max(version) as version from oldest group by execution_id
  ), wanted as materialized (
    select next.*, row_number() over (partition by next.execution_id order by next.version) as rank
      from tops,
   lateral (select coalesce((
     -- By a value, and not by "is not null", which an index on positions could seem to answer.
     select p.version from ${schema}.events p
      where p.execution_id = tops.execution_id and coalesce(p.position, 0) > 0
      order by p.version desc limit 1), 0) as version) as placed,
   lateral (
     select e.execution_id, e.version, e.at from ${schema}.events e
      where e.execution_id = tops.execution_id and e.position is null
        and e.version > least(placed.version, tops.lowest - 1) and e.version <= tops.version
      order by e.version limit ${BATCH}) as next
  ), free as materialized (
    select wanted.*, row_number() over (partition by wanted.execution_id order by wanted.version) as rank_if_free
      from wanted,
   lateral (
     select from ${schema}.events e
      where e.execution_id = wanted.execution_id and e.version = wanted.version
        for update skip locked) as locked
  ), batch as (
    select execution_id, version, max(at) over (partition by execution_id order by version) as since
      from free
     where rank = rank_if_free
  ), numbered as (
    select execution_id, version, row_number() over (order by since, execution_id, version) as place
      from batch
     order by since, execution_id, version
     limit ${BATCH}
  )
  update ${schema}.events e
     set position = given + numbered.place
    from numbered
   where e.execution_id = numbered.execution_id and e.version = numbered.version;
  get diagnostics placed = row_count;
  update ${schema}.guards set content = to_jsonb(given + placed) where key = 'feed';
end
$place$`);
  return async () => {
    await run([]);
  };
}
