import type { AuditEvent } from "../../domain/audit-event.js";
import { requireCount } from "../../domain/bounds.js";
import { messageOf } from "../../domain/errors.js";
import type { InputProblem } from "../../domain/input-problem.js";
import { checkKeys, refuse } from "../../domain/options.js";
import type { FeedPage, FeedQuery } from "../../store-port/execution-store.js";
import type { EngineContext } from "../engine-options.js";
import { BOUNDS_KEYS, type RunBounds, stopOf } from "../run/run-bounds.js";
import type { Stop } from "../stop.js";
import { consumerProblems } from "./consumer-name.js";
import { kindProblems } from "./read-feed.js";

/** Does something with one event, such as sending a mail. It must cope with an event that it had before. */
export type EventHandler = (event: AuditEvent) => unknown;

/** Bounds of one round, and what it wants. */
export interface DrainOptions extends RunBounds {
  /** The most events to deliver. Default 100. */
  readonly limit?: number;
  /** Only events of these kinds. The cursor passes over the others. */
  readonly kinds?: FeedQuery["kinds"];
}

/** What one round did. */
export interface DrainReport {
  readonly delivered: number;
  /** Whether more events may be there: the round came to its limit, its deadline or its signal, or another has gone on. */
  readonly more: boolean;
}

/** The events between two writes of the cursor. A process that is killed handles at most so many again. */
const PAGE = 20;
/** The most pages of a round. With kinds, a page may look at a thousand events and deliver none. */
const MOST_PAGES = 100;

/**
 * Gives a consumer its next events, one after the other, in one bounded round.
 *
 * An event counts as delivered once `handler` returned, or its promise was fulfilled. The store keeps the cursor, so the
 * next round, in whatever process, goes on there. Each event is delivered at least once, and in the order of the feed.
 * If the handler fails, the cursor is kept before that event, and the handler's error is thrown: a report could be
 * overlooked, and the consumer would stand still unseen.
 */
export async function drainEvents(
  context: EngineContext,
  consumer: string,
  handler: EventHandler,
  options: DrainOptions = {},
): Promise<DrainReport> {
  checkKeys<DrainOptions>("options", options, { ...BOUNDS_KEYS, limit: true, kinds: true });
  refuse([...problemsOf(consumer, handler, options)]);
  const { store } = context;
  const { limit: most = 100, kinds } = options;
  requireCount("limit", most);
  const stop = stopOf(context.clock, options);
  let delivered = 0;
  let cursor = await store.feedCursor(consumer);
  for (let pages = 0; pages < MOST_PAGES && delivered < most && !stop.isOver(); pages += 1) {
    const query = { ...(cursor !== null && { after: cursor }), ...(kinds && { kinds }) };
    const page = await store.feed({ ...query, limit: Math.min(PAGE, most - delivered) });
    const { count, failure } = await deliver(page, handler, stop);
    delivered += count;
    const keep = async () => {
      const to = await cursorAfter(context, { query, page, count });
      return (to === cursor || (await store.moveFeedCursor({ consumer, from: cursor, to }))) && to;
    };
    if (failure !== undefined) {
      await keep().catch((error) =>
        context.logger.warn("The cursor of a consumer was not kept", { consumer, error: messageOf(error) }),
      );
      throw failure.error;
    }
    const kept = await keep();
    // Another round of this consumer has moved the cursor. It goes on from there.
    if (kept === false) break;
    cursor = kept;
    if (count === page.events.length && !page.more) return { delivered, more: false };
  }
  return { delivered, more: true };
}

interface Delivery {
  readonly count: number;
  readonly failure?: { readonly error: unknown };
}

/** Hands out the events of a page until one fails. */
async function deliver({ events }: FeedPage, handler: EventHandler, stop: Stop): Promise<Delivery> {
  let count = 0;
  for (const event of events) {
    if (stop.isOver()) break;
    try {
      await handler(event);
    } catch (error) {
      return { count, failure: { error } };
    }
    count += 1;
  }
  return { count };
}

/**
 * The cursor after the first events of a page. A page of so many events has it. If executions were removed meanwhile,
 * that page may go on to an event that was not delivered. Then the cursor stays, and events are delivered again.
 */
async function cursorAfter(
  { store }: EngineContext,
  { query, page, count }: { readonly query: Omit<FeedQuery, "limit">; readonly page: FeedPage; readonly count: number },
): Promise<string | null> {
  if (count === page.events.length) return page.cursor;
  const before = query.after ?? null;
  if (count === 0) return before;
  const shorter = await store.feed({ ...query, limit: count });
  const [last, same] = [page.events[count - 1], shorter.events.at(-1)];
  return last?.executionId === same?.executionId && last?.version === same?.version ? shorter.cursor : before;
}

function* problemsOf(consumer: string, handler: EventHandler, { kinds }: DrainOptions): Generator<InputProblem> {
  yield* consumerProblems(consumer);
  if (typeof handler !== "function") yield { path: "handler", problem: "must be a function" };
  yield* kindProblems("options.kinds", kinds);
}
