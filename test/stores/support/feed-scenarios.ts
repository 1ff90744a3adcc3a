import { expect, vi } from "vitest";
import { changeOf, created, moved } from "../../../src/testing/store-contract/steps.js";
import { type FeedWorld, insertEvents, named, restOf, versionsOf } from "./feed-world.js";

/** What has broken other feeds, each with what must be seen. It fails by an assertion or an error. */
export const FEED_SCENARIOS: Readonly<Record<string, (world: FeedWorld) => Promise<void>>> = {
  "an open transaction holds up nothing, and its events follow once it commits": async (world) => {
    const { store, reader } = world;
    const shared = await created(store);
    const paused = await world.begin();
    await moved(paused.store, changeOf(shared));
    const unseen = await created(paused.store);
    const later = await created(store);
    await moved(store, changeOf(later));
    const before = await restOf(reader);
    expect(named(before.events)).toEqual([`${shared.id} 1`, `${later.id} 1`, `${later.id} 2`]);
    expect((await restOf(reader, { after: before.cursor })).events).toEqual([]);
    await paused.end("commit");
    const after = await restOf(reader, { after: before.cursor });
    expect(named(after.events).toSorted()).toEqual([`${shared.id} 2`, `${unseen.id} 1`].toSorted());
    expect(named((await restOf(reader)).events)).toEqual(named([...before.events, ...after.events]));
  },

  "a transaction that is rolled back leaves neither events nor a gap that anybody waits for": async (world) => {
    const { store, reader } = world;
    const { id } = await created(store);
    const failing = await world.begin();
    await moved(failing.store, changeOf({ id }));
    await created(failing.store);
    // It has given positions, also to its own events, when it is rolled back.
    expect((await restOf(failing.reader)).events).toHaveLength(3);
    await failing.end("rollback");
    const { cursor } = await restOf(reader);
    await moved(store, changeOf({ id }));
    expect(named((await restOf(reader)).events)).toEqual([`${id} 1`, `${id} 2`]);
    expect(named((await restOf(reader, { after: cursor })).events)).toEqual([`${id} 2`]);
  },

  "a part of a transaction that is rolled back to a savepoint leaves none either": async (world) => {
    const { id } = await created(world.store);
    const partly = await world.begin();
    await partly.client.query("savepoint before");
    await moved(partly.store, changeOf({ id }));
    await partly.client.query("rollback to before");
    const kept = await created(partly.store);
    await partly.end("commit");
    expect(named((await restOf(world.reader)).events).toSorted()).toEqual([`${id} 1`, `${kept.id} 1`].toSorted());
  },

  "two transactions on one execution are fed in the order of versions, whichever began first": async (world) => {
    const { store, reader } = world;
    const [shared, other] = [await created(store), await created(store)];
    const [early, late] = [await world.begin(), await world.begin()];
    await moved(early.store, changeOf(other));
    await moved(late.store, changeOf(shared));
    const waiting = moved(early.store, changeOf(shared));
    await late.end("commit");
    expect((await waiting).version).toBe(3);
    const { events, cursor } = await restOf(reader);
    await early.end("commit");
    const all = [...events, ...(await restOf(reader, { after: cursor })).events];
    expect(versionsOf(all, shared.id)).toEqual([1, 2, 3]);
    expect(all).toHaveLength(5);
  },

  "an execution keeps the order of its versions where the clock went back by more than a batch": async (world) => {
    // Version 3 is older than 1500 events of others, and versions 1 and 2 are younger.
    await insertEvents(
      world,
      `select 'x', v, case v when 3 then timestamptz '2030-01-01' else timestamptz '2031-01-01' - v * interval '1 s' end,
              'approved', 'transitioned', 'ann' from generate_series(1, 3) v
       union all
       select 'other-' || n, 1, timestamptz '2030-06-01' + n * interval '1 s', 'approved', 'transitioned', 'ann'
         from generate_series(1, 1500) n`,
    );
    const { events } = await restOf(world.reader);
    expect(versionsOf(events, "x")).toEqual([1, 2, 3]);
    expect(new Set(named(events)).size).toBe(1_503);
    expect(events).toHaveLength(1_503);
  },

  "a removal in an open transaction holds up no event of others, and rolled back it loses none": async (world) => {
    const { store, reader } = world;
    const [doomed, other] = [await created(store), await created(store)];
    const { version } = await moved(store, changeOf(doomed));
    const removing = await world.begin();
    const removal = { executions: [{ executionId: doomed.id, version }], notBefore: 0 };
    expect(await removing.store.remove(removal)).toBe(true);
    const page = await reader.feed({ limit: 10 });
    expect(named(page.events)).toEqual([`${other.id} 1`]);
    await removing.end("rollback");
    const rest = await restOf(reader, { after: page.cursor });
    expect(named(rest.events)).toEqual([`${doomed.id} 1`, `${doomed.id} 2`]);
    expect(await store.remove(removal)).toBe(true);
    expect(named((await restOf(reader)).events)).toEqual([`${other.id} 1`]);
  },

  "a removal that has come to a part of the events inverts none": async (world) => {
    const { store, reader, schema } = world;
    const { id } = await created(store);
    for (let change = 0; change < 3; change += 1) await moved(store, changeOf({ id }));
    const removing = await world.begin();
    await removing.client.query(`delete from ${schema}.events where execution_id = $1 and version = 2`, [id]);
    const page = await reader.feed({ limit: 10 });
    await removing.end("rollback");
    const rest = await restOf(reader, { after: page.cursor });
    expect(versionsOf([...page.events, ...rest.events], id)).toEqual([1, 2, 3, 4]);
  },

  "readers that give positions at once give each to one event": async (world) => {
    const { store, reader } = world;
    const { id } = await created(store);
    const first = await world.begin();
    expect((await first.reader.feed({ limit: 10 })).events).toHaveLength(1);
    const other = await created(store);
    const others = Promise.all([restOf(reader), restOf(reader)]);
    // It may be refused before anybody waits for it.
    others.catch(() => {});
    await vi.waitFor(async () => expect(await waitingIn(world)).toBe(2), { timeout: 20_000 });
    await first.end("commit");
    for (const { events } of await others) expect(named(events)).toEqual([`${id} 1`, `${other.id} 1`]);
  },

  "whoever gives positions and dies before the commit leaves the next one to give them": async (world) => {
    const { id } = await created(world.store);
    const dying = await world.begin();
    expect((await dying.reader.feed({ limit: 10 })).events).toHaveLength(1);
    const waiting = restOf(world.reader);
    const { rows } = await dying.client.query("select pg_backend_pid() as pid");
    await world.pool.query("select pg_terminate_backend($1)", [rows[0].pid]);
    expect(named((await waiting).events)).toEqual([`${id} 1`]);
  },
};

/** How many statements that give positions in this schema wait for another transaction. */
async function waitingIn({ pool, schema }: FeedWorld): Promise<number> {
  const { rows } = await pool.query(
    "select count(*)::int as waiting from pg_stat_activity where wait_event_type = 'Lock' and query like 'do %' || $1 || '%'",
    [schema],
  );
  return rows[0].waiting;
}
