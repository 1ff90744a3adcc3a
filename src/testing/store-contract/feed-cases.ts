import { strict as assert } from "node:assert";
import type { AuditEvent } from "../../domain/audit-event.js";
import type { ExecutionStore, FeedQuery } from "../../store-port/execution-store.js";
import { type ContractCase, RACERS } from "./contract-case.js";
import { retryInput } from "./retry-cases.js";
import { sampleEvent, unique } from "./samples.js";
import { atOnce, changeOf, created, createdFrom, moved, read } from "./steps.js";

/** More pages than any case has, and than the events of all other cases fill. */
const MOST_PAGES = 1_000;

/** What stands in the feed after a cursor, and where it ends. */
interface Rest {
  readonly events: readonly AuditEvent[];
  readonly cursor: string;
}

/** Reads to the end of the feed. */
async function restOf(store: ExecutionStore, query: Partial<FeedQuery> = {}): Promise<Rest> {
  const events: AuditEvent[] = [];
  let place = query;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await store.feed({ limit: 1_000, ...place });
    events.push(...page.events);
    if (!page.more) return { events, cursor: page.cursor };
    place = { ...place, after: page.cursor };
  }
  return assert.fail("the feed does not end");
}

/** The end of the feed. The store may have events of other cases. */
const endOf = async (store: ExecutionStore): Promise<string> => (await restOf(store)).cursor;

/** An execution with events of these kinds after its first one. */
async function withEvents(store: ExecutionStore, ...kinds: readonly AuditEvent["kind"][]) {
  const execution = await created(store);
  for (const kind of kinds) await moved(store, changeOf(execution, { event: sampleEvent(kind) }));
  return await read(store, execution.id);
}

/** Asserts that these events are the whole trails of these executions, each trail in its order. */
async function assertTrails(store: ExecutionStore, events: readonly AuditEvent[], ...ids: readonly string[]) {
  for (const id of ids)
    assert.deepEqual(
      events.filter(({ executionId }) => executionId === id),
      await store.events(id),
    );
  assert.equal(events.filter(({ executionId }) => !ids.includes(executionId)).length, 0, "events of others");
}

const nameOf = ({ executionId, version }: AuditEvent): string => `${executionId} ${version}`;

/** Cases about the events of all executions in one order. */
export const feedCases: readonly ContractCase[] = [
  {
    name: "feed has every event of every execution once, each trail in its order, as events tells them",
    async run({ store }) {
      const after = await endOf(store);
      const [first, second] = [await created(store, { status: "failed" }), await created(store)];
      for (let change = 0; change < 10; change += 1) {
        await moved(store, changeOf(second, { reason: `change ${change}` }));
        await moved(store, changeOf(first, { event: { ...sampleEvent(), reason: "why", data: { change } } }));
      }
      const third = await createdFrom(store, retryInput(await read(store, first.id)));
      assert.equal((await store.commit(changeOf(second, { guard: { version: 1 } }))).kind, "refused");
      await assertTrails(store, (await restOf(store, { after })).events, first.id, second.id, third.id);
    },
  },
  {
    name: "feed keeps its order, whatever is stored later and however it is paged",
    async run({ store }) {
      const after = await endOf(store);
      const first = await withEvents(store, "paused", "resumed");
      const second = await withEvents(store, "paused");
      const { events } = await restOf(store, { after });
      // In an order by execution, the next event of one of them comes before an event of the other.
      for (const { id } of [first, second]) await moved(store, changeOf({ id }));
      const third = await withEvents(store, "paused");
      const whole = await restOf(store, { after });
      assert.deepEqual(whole.events.slice(0, 5), events);
      await assertTrails(store, whole.events, first.id, second.id, third.id);
      for (const limit of [1, 2, 3, 7, 8, 9]) {
        const paged = await restOf(store, { after, limit });
        assert.deepEqual(paged.events, whole.events);
      }
    },
  },
  {
    name: "feed gives no more events than asked for, and tells whether there are more",
    async run({ store }) {
      const after = await endOf(store);
      assert.deepEqual(await store.feed({ after, limit: 5 }), { events: [], cursor: after, more: false });
      await withEvents(store, "paused", "resumed", "approved");
      const first = await store.feed({ after, limit: 3 });
      assert.deepEqual([first.events.length, first.more], [3, true]);
      const second = await store.feed({ after: first.cursor, limit: 3 });
      assert.deepEqual([second.events.length, second.more], [1, false]);
      const third = await store.feed({ after: second.cursor, limit: 3 });
      assert.deepEqual(third, { events: [], cursor: second.cursor, more: false });
    },
  },
  {
    name: "feed begins with the first event of all without a cursor",
    async run({ store }) {
      const { id } = await withEvents(store, "paused");
      const { events } = await restOf(store);
      assert.equal(events.filter(({ executionId }) => executionId === id).length, 2);
      assert.deepEqual((await store.feed({ limit: 2 })).events, events.slice(0, 2));
      assert.equal(new Set(events.map(nameOf)).size, events.length, "an event stands in the feed twice");
    },
  },
  {
    name: "feed has an event that was acknowledged before the call",
    async run({ store }) {
      let after = await endOf(store);
      const execution = await created(store);
      for (let version = 1; version < 20; version += 1) {
        const { events, cursor } = await restOf(store, { after });
        assert.deepEqual(
          events.map((event) => [event.executionId, event.version]),
          [[execution.id, version]],
        );
        after = cursor;
        await moved(store, changeOf(execution));
      }
    },
  },
  {
    name: "feed gives only events of wanted kinds, and moves its cursor past the others",
    async run({ store }) {
      const after = await endOf(store);
      const execution = await withEvents(store, "paused", "approved", "approved", "paused", "resumed");
      const end = await endOf(store);
      const versions = async (query: Partial<FeedQuery>) =>
        (await restOf(store, { after, ...query })).events.map(({ version }) => version);
      for (const limit of [1, 2, 10]) {
        assert.deepEqual(await versions({ limit, kinds: ["approved"] }), [3, 4]);
        assert.deepEqual(await versions({ limit, kinds: ["resumed", "paused"] }), [2, 5, 6]);
      }
      assert.deepEqual(await store.feed({ after, limit: 5, kinds: ["canceled"] }), {
        events: [],
        cursor: end,
        more: false,
      });
      await moved(store, changeOf(execution, { event: sampleEvent("canceled") }));
      assert.deepEqual(await versions({ after: end, kinds: ["canceled"] }), [7]);
    },
  },
  {
    name: "readers that race with writers each see every event once, each trail in its order",
    async run({ store }) {
      const after = await endOf(store);
      const writing = atOnce(RACERS, () => withEvents(store, "paused", "resumed", "paused", "resumed"));
      let isWritten = false;
      const ended = writing.finally(() => {
        isWritten = true;
      });
      const reader = async (limit: number): Promise<readonly AuditEvent[]> => {
        const seen: AuditEvent[] = [];
        let cursor = after;
        for (let isLast = false; ; ) {
          const page = await store.feed({ after: cursor, limit });
          seen.push(...page.events);
          cursor = page.cursor;
          if (isLast && !page.more) return seen;
          isLast = isWritten;
          if (!page.more) await new Promise((resolve) => setTimeout(resolve, 1));
        }
      };
      const readers = await Promise.all([reader(1_000), reader(7), reader(20)]);
      const ids = (await ended).map(({ id }) => id);
      for (const seen of readers) {
        await assertTrails(store, seen, ...ids);
        assert.deepEqual(seen, readers[0]);
      }
    },
  },
  {
    name: "feed loses the events of a removed execution and no others, and cursors go on",
    async run({ store }) {
      const after = await endOf(store);
      const kept = await withEvents(store, "paused");
      const removed = await withEvents(store, "paused", "resumed");
      const other = await withEvents(store, "paused");
      const first = await store.feed({ after, limit: 3 });
      const { cursor } = await restOf(store, { after });
      const remove = async ({ id, version }: typeof removed) =>
        assert.equal(await store.remove({ executions: [{ executionId: id, version }], notBefore: 0 }), true);
      await remove(removed);
      await assertTrails(store, (await restOf(store, { after })).events, kept.id, other.id);
      await assertTrails(store, (await restOf(store, { after: first.cursor })).events, other.id);
      await remove(other);
      assert.deepEqual((await restOf(store, { after: first.cursor })).events, []);
      const last = await withEvents(store, "paused");
      for (const place of [cursor, first.cursor])
        await assertTrails(store, (await restOf(store, { after: place })).events, last.id);
    },
  },
  {
    name: "feed refuses a cursor that no page gave",
    async run({ store }) {
      await created(store);
      for (const after of ["", "no cursor", "-1", "1.5", "0x1", " 1", "9".repeat(15), "9".repeat(30)])
        await assert.rejects(store.feed({ after, limit: 5 }), `"${after}" was taken for a cursor`);
    },
  },
  {
    name: "the cursor of a consumer is kept, and moves only from where it is",
    async run({ store }) {
      const [consumer, other] = [unique("consumer"), unique("consumer")];
      const from = await endOf(store);
      await created(store);
      const to = await endOf(store);
      assert.equal(await store.feedCursor(consumer), null);
      assert.equal(await store.moveFeedCursor({ consumer, from: to, to: from }), false);
      assert.equal(await store.moveFeedCursor({ consumer, from: null, to: from }), true);
      assert.equal(await store.moveFeedCursor({ consumer, from: null, to }), false);
      assert.equal(await store.feedCursor(consumer), from);
      assert.equal(await store.moveFeedCursor({ consumer, from: to, to: from }), false);
      assert.equal(await store.moveFeedCursor({ consumer, from, to }), true);
      assert.deepEqual([await store.feedCursor(consumer), await store.feedCursor(other)], [to, null]);
    },
  },
  {
    name: "the cursor of a consumer is forgotten only where it is",
    async run({ store }) {
      const consumer = unique("consumer");
      const from = await endOf(store);
      await created(store);
      const to = await endOf(store);
      assert.equal(await store.moveFeedCursor({ consumer, from: null, to: null }), true);
      assert.equal(await store.moveFeedCursor({ consumer, from: null, to }), true);
      assert.equal(await store.moveFeedCursor({ consumer, from: null, to: null }), false);
      assert.equal(await store.moveFeedCursor({ consumer, from, to: null }), false);
      assert.equal(await store.feedCursor(consumer), to);
      assert.equal(await store.moveFeedCursor({ consumer, from: to, to: null }), true);
      assert.equal(await store.feedCursor(consumer), null);
      assert.equal(await store.moveFeedCursor({ consumer, from: null, to: from }), true);
    },
  },
  {
    name: "of many racing moves of a consumer's cursor one wins",
    async run({ store }) {
      const consumer = unique("consumer");
      const from = await endOf(store);
      await created(store);
      const to = await endOf(store);
      const winners = async (move: { from: string | null; to: string | null }) =>
        (await atOnce(RACERS, () => store.moveFeedCursor({ consumer, ...move }))).filter((won) => won).length;
      assert.equal(await winners({ from: null, to: from }), 1);
      assert.equal(await winners({ from, to }), 1);
      assert.equal(await winners({ from: to, to: null }), 1);
    },
  },
  {
    name: "a cursor that no page gave is not kept for a consumer",
    async run({ store }) {
      const consumer = unique("consumer");
      await assert.rejects(store.moveFeedCursor({ consumer, from: null, to: "no cursor" }));
      assert.equal(await store.feedCursor(consumer), null);
    },
  },
];
