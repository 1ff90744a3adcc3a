import { describe, expect, test } from "vitest";
import type { AuditEvent } from "../../src/domain/audit-event.js";
import { created } from "../../src/testing/store-contract/steps.js";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";
import { onEachStore, QUICK } from "./support/on-each-store.js";

const open = () => purchaseFixture(CONTRACT.native);
const named = (events: readonly AuditEvent[]) => events.map(({ executionId, version }) => `${executionId} ${version}`);

/** A handler that remembers what it got, and fails where it is told to. */
function recording(failsAt: (event: AuditEvent, count: number) => boolean = () => false) {
  const got: AuditEvent[] = [];
  const handler = async (event: AuditEvent) => {
    await Promise.resolve();
    if (failsAt(event, got.length)) throw new Error(`no mail for ${event.kind}`);
    got.push(event);
  };
  return { got, handler };
}

/** Baskets that are submitted and wait for approval. */
async function submitted({ engine }: Pick<ReturnType<typeof open>, "engine">, count: number) {
  const ids: string[] = [];
  for (let basket = 0; basket < count; basket += 1)
    ids.push(
      (
        await engine.submit({
          requestKey: `basket ${Math.random()}`,
          createdBy: "ann",
          lines: [simulatedLine()],
        })
      ).id,
    );
  return ids;
}

describe("feed", () => {
  onEachStore((openWorld) => {
    test("has all events of a purchase, page by page, and drainEvents delivers the same", async () => {
      const world = await openWorld(QUICK.native);
      const { engine } = world;
      const [first, second] = [
        await world.approved(),
        await world.approved([simulatedLine({ offering: { size: "l" } })]),
      ];
      await engine.tick();
      const all = await engine.feed({ limit: 1_000 });
      expect(all.more).toBe(false);
      for (const id of [first, second])
        expect(all.events.filter(({ executionId }) => executionId === id)).toEqual(await engine.events(id));
      const page = await engine.feed({ limit: 3 });
      const rest = await engine.feed({ after: page.cursor, limit: 1_000 });
      expect([...page.events, ...rest.events]).toEqual(all.events);
      const { got, handler } = recording();
      expect(await engine.drainEvents("mail", handler)).toEqual({ delivered: all.events.length, more: false });
      expect(got).toEqual(all.events);
      expect(await engine.drainEvents("mail", handler)).toEqual({ delivered: 0, more: false });
      const bought = await engine.feed({ kinds: ["committed"] });
      expect(bought.events.map(({ executionId }) => executionId).toSorted()).toEqual([first, second].toSorted());
    });
  });

  test.each([
    ["query.limit: must be a whole number from 1 to 1000", { limit: 1_001 }],
    ["query.limit: must be a whole number from 1 to 1000", { limit: 0 }],
    ["query.limit: must be a whole number from 1 to 1000", { limit: 1.5 }],
    ['query.kinds: "aproved" is no kind of event; did you mean "approved"?', { kinds: ["aproved"] }],
    ["query.kinds: must be a list of kinds", { kinds: [] }],
    ["query.kinds: must be a list of kinds", { kinds: "approved" }],
    ["query.after: must be text", { after: 7 }],
    ["query.after: must be the cursor of a page", { after: "yesterday" }],
    ["query.after: must be the cursor of a page", { after: "99" }],
    ['query.kind: is not known; did you mean "kinds"?', { kind: ["approved"] }],
  ])("refuses: %s", async (problem, query) => {
    await expect(open().engine.feed(query as never)).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      message: expect.stringContaining(problem),
    });
  });
});

describe("drainEvents", () => {
  test("stops at an error of the handler, throws it, and begins the next round with that event", async () => {
    const fixture = open();
    await submitted(fixture, 30);
    const all = named((await fixture.engine.feed({ limit: 1_000 })).events);
    const { got, handler } = recording((_, count) => count === 23);
    await expect(fixture.engine.drainEvents("mail", handler)).rejects.toThrow("no mail for submitted");
    expect(named(got)).toEqual(all.slice(0, 23));
    const later = recording();
    expect(await fixture.engine.drainEvents("mail", later.handler)).toEqual({ delivered: 7, more: false });
    expect(named(later.got)).toEqual(all.slice(23));
  });

  test("throws the handler's error again and again without a repetition of what came before", async () => {
    const fixture = open();
    await submitted(fixture, 3);
    const { got, handler } = recording((_, count) => count === 2);
    for (let round = 0; round < 3; round += 1)
      await expect(fixture.engine.drainEvents("mail", handler)).rejects.toThrow("no mail");
    expect(got).toHaveLength(2);
  });

  test("loses no event if executions of the page are removed before the handler fails", async () => {
    const fixture = open();
    const { engine, store } = fixture;
    const ids = await submitted(fixture, 5);
    const { got, handler } = recording((_, count) => count === 2);
    const failing = async (event: AuditEvent) => {
      if (got.length === 1)
        await store.remove({ executions: [{ executionId: ids[0] ?? "", version: 1 }], notBefore: 0 });
      await handler(event);
    };
    await expect(engine.drainEvents("mail", failing)).rejects.toThrow("no mail");
    const later = recording();
    await engine.drainEvents("mail", later.handler);
    const delivered = [...got, ...later.got].map(({ executionId }) => executionId);
    expect(new Set(delivered)).toEqual(new Set(ids));
    expect(later.got.map(({ executionId }) => executionId)).toEqual(ids.slice(1));
  });

  test("ends at its limit, its signal and its deadline, and goes on there", async () => {
    const fixture = open();
    const { engine, clock } = fixture;
    await submitted(fixture, 50);
    const all = named((await engine.feed({ limit: 1_000 })).events);
    const { got, handler } = recording();
    expect(await engine.drainEvents("mail", handler, { limit: 25 })).toEqual({ delivered: 25, more: true });
    const stop = new AbortController();
    const stopping = async (event: AuditEvent) => {
      await handler(event);
      if (got.length === 28) stop.abort();
    };
    expect(await engine.drainEvents("mail", stopping, { signal: stop.signal })).toEqual({ delivered: 3, more: true });
    expect(await engine.drainEvents("mail", handler, { signal: stop.signal })).toEqual({ delivered: 0, more: true });
    const slow = async (event: AuditEvent) => {
      await handler(event);
      clock.advance(1_000);
    };
    const deadline = clock.now() + 2_000;
    expect(await engine.drainEvents("mail", slow, { deadline })).toEqual({ delivered: 2, more: true });
    expect(await engine.drainEvents("mail", handler, { limit: 20 })).toEqual({ delivered: 20, more: false });
    expect(named(got)).toEqual(all);
  });

  test("delivers wanted kinds alone, and comes to a rare one past thousands of others", async () => {
    const fixture = open();
    const { engine, store } = fixture;
    const [first = ""] = await submitted(fixture, 1);
    for (let other = 0; other < 2_500; other += 1) await created(store);
    await engine.cancel(first, { canceledBy: "ann" });
    const { got, handler } = recording();
    expect(await engine.drainEvents("chat", handler, { kinds: ["canceled"] })).toEqual({ delivered: 1, more: false });
    expect(got).toMatchObject([{ executionId: first, kind: "canceled" }]);
  });

  test("of two rounds of one consumer at once none skips an event", async () => {
    const fixture = open();
    const { engine } = fixture;
    await submitted(fixture, 70);
    const all = named((await engine.feed({ limit: 1_000 })).events);
    const { got, handler } = recording();
    const rounds = [0, 1, 2].map(async (at) => {
      const uneven = async (event: AuditEvent) => {
        for (let wait = 0; wait < (event.executionId.length + got.length * (at + 1)) % 5; wait += 1) await null;
        await handler(event);
      };
      for (let more = true; more; ) ({ more } = await engine.drainEvents("mail", uneven, { limit: 30 }));
    });
    await Promise.all(rounds);
    expect([...new Set(named(got))]).toEqual(all);
  });

  test("delivers again what it could not keep the cursor of, at most a page", async () => {
    const fixture = open();
    await submitted(fixture, 45);
    let moves = 0;
    const { store } = fixture;
    const moveFeedCursor: typeof store.moveFeedCursor = async (move) => {
      moves += 1;
      if (moves === 2) throw new Error("connection lost");
      return store.moveFeedCursor(move);
    };
    const engine = fixture.another({ store: { ...store, moveFeedCursor } });
    const { got, handler } = recording();
    await expect(engine.drainEvents("mail", handler)).rejects.toThrow("connection lost");
    expect(got).toHaveLength(40);
    expect(await engine.drainEvents("mail", handler)).toEqual({ delivered: 25, more: false });
    expect(new Set(named(got)).size).toBe(45);
  });

  test("forgetConsumer lets a consumer begin anew, also if a round is under way, and others go on", async () => {
    const fixture = open();
    const { engine } = fixture;
    await submitted(fixture, 25);
    const { got, handler } = recording();
    expect(await engine.forgetConsumer("mail")).toBe(false);
    await engine.drainEvents("mail", handler);
    await engine.drainEvents("chat", handler);
    expect(await engine.forgetConsumer("mail")).toBe(true);
    const again = recording();
    const forgetting = async (event: AuditEvent) => {
      await again.handler(event);
      if (again.got.length === 23) await engine.forgetConsumer("mail");
    };
    expect(await engine.drainEvents("mail", forgetting)).toEqual({ delivered: 25, more: true });
    expect(await engine.drainEvents("mail", again.handler)).toMatchObject({ delivered: 25 });
    expect(await engine.drainEvents("chat", handler)).toEqual({ delivered: 0, more: false });
    expect(got).toHaveLength(50);
  });

  test.each([
    ["consumer: must be a text", [" ", () => undefined]],
    ["consumer: must be a text", ["x".repeat(201), () => undefined]],
    ["consumer: must be a text", [undefined, () => undefined]],
    ["handler: must be a function", ["mail", undefined]],
    ["options.kinds: must be a list of kinds", ["mail", () => undefined, { kinds: [] }]],
    ["limit must be a positive whole number", ["mail", () => undefined, { limit: 0 }]],
    ["deadline: must be a Date or epoch milliseconds", ["mail", () => undefined, { deadline: 60_000 }]],
    ["options.limits: is not known", ["mail", () => undefined, { limits: 5 }]],
  ])("refuses: %s", async (problem, given) => {
    const { engine } = open();
    const call = engine.drainEvents as (...given: readonly unknown[]) => Promise<unknown>;
    await expect(call(...given)).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      message: expect.stringContaining(problem),
    });
  });
});
