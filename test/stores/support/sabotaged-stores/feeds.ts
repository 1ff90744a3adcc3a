import type { AuditEvent } from "../../../../src/domain/audit-event.js";
import type { ExecutionStore, FeedPage, FeedQuery } from "../../../../src/store-port/execution-store.js";
import { pause, type Sabotage, withFault } from "./sabotage.js";

const WHOLE = "feed has every event of every execution once, each trail in its order, as events tells them";
const SAME = "feed keeps its order, whatever is stored later and however it is paged";
const LIMIT = "feed gives no more events than asked for, and tells whether there are more";
const FIRST = "feed begins with the first event of all without a cursor";
const KINDS = "feed gives only events of wanted kinds, and moves its cursor past the others";
const REMOVED = "feed loses the events of a removed execution and no others, and cursors go on";
const UNKNOWN = "feed refuses a cursor that no page gave";
const KEPT = "the cursor of a consumer is kept, and moves only from where it is";
const FORGOTTEN = "the cursor of a consumer is forgotten only where it is";
const ONE = "of many racing moves of a consumer's cursor one wins";

/** A store whose pages are otherwise. */
const withPage = (
  misread: (page: FeedPage, query: FeedQuery, correct: ExecutionStore) => FeedPage | Promise<FeedPage>,
): Sabotage["build"] =>
  withFault((correct) => ({ feed: async (query) => misread(await correct.feed(query), query, correct) }));

/** A store that counts its cursors in events of a list that it makes of all events for each page. */
const listing = (listed: (all: readonly AuditEvent[]) => readonly AuditEvent[]): Sabotage["build"] =>
  withFault((correct) => ({
    async feed({ after = "0", limit, kinds }) {
      const all = listed((await correct.feed({ limit: 1_000_000 })).events);
      const from = Number(after);
      if (!/^\d+$/.test(after) || from > all.length) throw new TypeError("no such cursor");
      const events = all.slice(from, from + limit).filter(({ kind }) => kinds === undefined || kinds.includes(kind));
      const to = Math.min(all.length, from + limit);
      return { events, cursor: `${to}`, more: to < all.length };
    },
  }));

/** Pages of the events of all executions, and the cursors of consumers. */
export const feedSabotages: readonly Sabotage[] = [
  {
    fault: "leaves out of the feed what has no new status",
    noticedBy: WHOLE,
    build: withPage((page) => ({
      ...page,
      events: page.events.filter(({ reason, version }) => reason === undefined || version === 1),
    })),
  },
  {
    fault: "feeds an event of a retried predecessor twice",
    noticedBy: WHOLE,
    build: withPage((page) => ({ ...page, events: page.events.flatMap((one) => (one.data ? [one] : [one, one])) })),
  },
  {
    fault: "feeds the versions of an execution by their text",
    noticedBy: WHOLE,
    build: listing((all) =>
      all.toSorted((a, b) => (`${a.executionId} ${a.version}` < `${b.executionId} ${b.version}` ? -1 : 1)),
    ),
  },
  {
    fault: "feeds events without their data",
    noticedBy: WHOLE,
    build: withPage((page) => ({ ...page, events: page.events.map(({ data: _, ...event }) => event) })),
  },
  {
    fault: "orders the feed by execution, so that what comes later goes before",
    noticedBy: SAME,
    build: listing((all) => all.toSorted((a, b) => (a.executionId < b.executionId ? -1 : 1))),
  },
  {
    fault: "orders the feed by version, so that new executions go before",
    noticedBy: SAME,
    build: listing((all) => all.toSorted((a, b) => a.version - b.version)),
  },
  {
    fault: "feeds the event that the page before ended with once more",
    noticedBy: SAME,
    build: withFault((correct) => ({
      feed: (query) =>
        correct.feed({ ...query, ...(Number(query.after) > 0 && { after: `${Number(query.after) - 1}` }) }),
    })),
  },
  {
    fault: "passes over an event between two pages of the feed",
    noticedBy: SAME,
    build: withPage((page, { limit }) =>
      page.more && page.events.length === limit ? { ...page, cursor: `${Number(page.cursor) + 1}` } : page,
    ),
  },
  {
    fault: "feeds more events than asked for",
    noticedBy: LIMIT,
    build: withFault((correct) => ({ feed: (query) => correct.feed({ ...query, limit: query.limit + 1 }) })),
  },
  {
    fault: "never says that the feed has more",
    noticedBy: LIMIT,
    build: withPage((page) => ({ ...page, more: false })),
  },
  {
    fault: "always says that the feed has more",
    noticedBy: LIMIT,
    build: withPage((page) => ({ ...page, more: true })),
  },
  {
    fault: "begins the feed with what comes next if it is read without a cursor",
    noticedBy: FIRST,
    build: withFault((correct) => ({
      feed: async ({ after, ...query }) => {
        if (after !== undefined) return correct.feed({ ...query, after });
        const { cursor } = await correct.feed({ limit: 1_000_000 });
        return correct.feed({ ...query, after: cursor });
      },
    })),
  },
  {
    fault: "feeds events one call after they were acknowledged",
    noticedBy: "feed has an event that was acknowledged before the call",
    build: withFault((correct) => {
      let end: string | undefined;
      return {
        async feed(query) {
          const shown = end;
          end = (await correct.feed({ limit: 1_000_000 })).cursor;
          const page = await correct.feed(query);
          return shown !== undefined && Number(page.cursor) > Number(shown) && page.events.length === 1
            ? { events: [], cursor: query.after ?? "0", more: false }
            : page;
        },
      };
    }),
  },
  {
    fault: "feeds every kind whatever is asked for",
    noticedBy: KINDS,
    build: withFault((correct) => ({ feed: ({ kinds: _, ...query }) => correct.feed(query) })),
  },
  {
    fault: "feeds the first of the wanted kinds only",
    noticedBy: KINDS,
    build: withFault((correct) => ({
      feed: (query) => correct.feed({ ...query, ...(query.kinds && { kinds: query.kinds.slice(0, 1) }) }),
    })),
  },
  {
    fault: "leaves the cursor at the last wanted event of the feed",
    noticedBy: KINDS,
    build: withPage((page, { after = "0" }) => (page.events.length === 0 ? { ...page, cursor: after } : page)),
  },
  {
    fault: "moves the cursor past wanted events that the page had no room for",
    noticedBy: KINDS,
    build: withPage(async (page, { kinds, ...query }, correct) =>
      kinds === undefined ? page : { ...page, ...(await restWithout(correct, query)) },
    ),
  },
  {
    fault: "feeds an event to one of the readers only",
    noticedBy: "readers that race with writers each see every event once, each trail in its order",
    build: withFault((correct) => {
      const taken = new Set<AuditEvent["executionId"]>();
      return {
        async feed(query) {
          const page = await correct.feed(query);
          const events = page.events.filter(({ executionId, version }) => !taken.has(`${executionId} ${version}`));
          for (const { executionId, version } of events) taken.add(`${executionId} ${version}`);
          return { ...page, events };
        },
      };
    }),
  },
  {
    fault: "counts the cursors of the feed in events that are still there",
    noticedBy: REMOVED,
    build: listing((all) => all),
  },
  {
    fault: "feeds the events of removed executions",
    noticedBy: REMOVED,
    build: withFault((correct) => {
      const removed = new Set<string>();
      const seen = new Map<string, FeedPage>();
      return {
        async remove(removal) {
          const { events, cursor } = await correct.feed({ limit: 1_000_000 });
          const isGone = await correct.remove(removal);
          const ids = removal.executions.map(({ executionId }) => executionId);
          if (isGone) for (const id of ids) removed.add(id);
          seen.set("all", {
            events: events.filter(({ executionId }) => removed.has(executionId)),
            cursor,
            more: false,
          });
          return isGone;
        },
        async feed(query) {
          const page = await correct.feed(query);
          return { ...page, events: [...(seen.get("all")?.events ?? []), ...page.events] };
        },
      };
    }),
  },
  {
    fault: "begins anew where a cursor of the feed means nothing",
    noticedBy: UNKNOWN,
    build: withFault((correct) => ({
      feed: ({ after, ...query }) => correct.feed({ ...query, after: after ?? "0" }).catch(() => correct.feed(query)),
    })),
  },
  {
    fault: "takes a cursor beyond the end of the feed for its end",
    noticedBy: UNKNOWN,
    build: withFault((correct) => ({
      async feed(query) {
        if (/^\d+$/.test(query.after ?? "") && Number(query.after) > 100_000_000)
          return { events: [], cursor: query.after ?? "", more: false };
        return correct.feed(query);
      },
    })),
  },
  {
    fault: "keeps one cursor for all consumers",
    noticedBy: KEPT,
    build: withFault((correct) => ({
      feedCursor: () => correct.feedCursor("all"),
      moveFeedCursor: (move) => correct.moveFeedCursor({ ...move, consumer: "all" }),
    })),
  },
  {
    fault: "moves a consumer's cursor wherever it is",
    noticedBy: KEPT,
    build: withFault((correct) => ({
      moveFeedCursor: async (move) =>
        correct.moveFeedCursor({ ...move, from: await correct.feedCursor(move.consumer) }),
    })),
  },
  {
    fault: "moves a consumer's cursor only forward, and begins one wherever the caller says",
    noticedBy: KEPT,
    build: withFault((correct) => ({
      moveFeedCursor: async ({ consumer, from, to }) => {
        const kept = await correct.feedCursor(consumer);
        return correct.moveFeedCursor({ consumer, from: kept === null ? null : from, to });
      },
    })),
  },
  {
    fault: "never forgets a consumer",
    noticedBy: FORGOTTEN,
    build: withFault((correct) => ({
      moveFeedCursor: async (move) => (move.to === null ? true : correct.moveFeedCursor(move)),
    })),
  },
  {
    fault: "forgets a consumer wherever its cursor is",
    noticedBy: FORGOTTEN,
    build: withFault((correct) => ({
      moveFeedCursor: async (move) =>
        correct.moveFeedCursor(move.to === null ? { ...move, from: await correct.feedCursor(move.consumer) } : move),
    })),
  },
  {
    fault: "compares a consumer's cursor in one step and moves it in the next",
    noticedBy: ONE,
    build: withFault((correct) => ({
      async moveFeedCursor(move) {
        if ((await correct.feedCursor(move.consumer)) !== move.from) return false;
        await pause();
        await correct.moveFeedCursor({ ...move, from: await correct.feedCursor(move.consumer) });
        return true;
      },
    })),
  },
  {
    fault: "keeps any text for the cursor of a consumer",
    noticedBy: "a cursor that no page gave is not kept for a consumer",
    build: withFault((correct) => ({
      moveFeedCursor: async (move) => move.to === "no cursor" || (await correct.moveFeedCursor(move)),
    })),
  },
];

/** Where the feed ends after a place. */
async function restWithout(store: ExecutionStore, { after }: Pick<FeedQuery, "after">) {
  const { cursor, more } = await store.feed({ limit: 1_000_000, ...(after !== undefined && { after }) });
  return { cursor, more };
}
