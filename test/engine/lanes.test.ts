import { describe, expect, test } from "vitest";
import { signal } from "../../src/testing/signal.js";
import { CONTRACT, purchaseFixture, SETTLE_WAIT_MS, simulatedLine } from "../support/purchase-fixture.js";
import { onEachStore, QUICK } from "./support/on-each-store.js";

describe("baskets of one lane", () => {
  onEachStore((open) => {
    test.each([1, 2, 8])("are all bought by one tick that works on %i at once", async (concurrency) => {
      const { engine, cloud, approved, store } = await open(QUICK.none, {}, { concurrency, retryDelayMs: 30_000 });
      const ids: string[] = [];
      for (let basket = 0; basket < 5; basket += 1) ids.push(await approved());
      const report = await engine.tick();
      expect(report).toMatchObject({
        ran: 5,
        outcomes: { committed: 5, adopted: 0, rejected: 0, inDoubt: 0, waiting: {} },
      });
      expect(cloud.ledger()).toHaveLength(5);
      for (const id of ids) expect((await store.get(id))?.status).toBe("completed");
    });

    test("wait for a line in doubt, and go on in the round that settles it", async () => {
      const { engine, cloud, approved, pass, store } = await open(
        QUICK.none,
        { purchases: [{ kind: "lost-request" }] },
        { retryDelayMs: 2_000, concurrency: 1 },
      );
      const doubtful = await approved();
      const waiting = await approved();
      expect(await engine.tick()).toMatchObject({ outcomes: { inDoubt: 1, waiting: { LANE_BUSY: 1 } } });
      expect(await store.get(waiting)).toMatchObject({ lines: [{ lastError: { code: "LANE_BUSY" } }] });
      await pass(2_400);
      await engine.tick();
      expect(cloud.ledger()).toHaveLength(2);
      for (const id of [doubtful, waiting]) expect((await store.get(id))?.status).toBe("completed");
    });

    test("go on as soon as a person settles the line before them", async () => {
      const { engine, approved, pass, store } = await open(
        QUICK.none,
        { purchases: [{ kind: "lost-request" }] },
        { retryDelayMs: 50_000, concurrency: 1 },
      );
      const [doubtful, waiting] = [await approved(), await approved()];
      await engine.tick();
      await pass(2_400);
      const said = { evidence: { note: "not in the console" }, resolvedBy: "carol" };
      await engine.resolve(doubtful, 0, { outcome: "rejected", ...said });
      expect((await store.events(waiting)).at(-1)).toMatchObject({ kind: "woken", lineIndex: 0 });
      await engine.tick();
      expect((await store.get(waiting))?.status).toBe("completed");
    });
  });

  test("are woken one after the other, in the order in which they began to wait", async () => {
    const { engine, approved, clock, store } = purchaseFixture(
      CONTRACT.none,
      { purchases: [{ kind: "lost-reply" }] },
      { concurrency: 1, retryDelayMs: 500_000 },
    );
    await approved();
    await engine.tick();
    const waiting: string[] = [];
    for (let basket = 0; basket < 4; basket += 1) {
      waiting.push(await approved());
      clock.advance(10);
      await engine.tick();
    }
    // The line in doubt is looked at again before those who wait wake up by themselves.
    clock.advance(500_000 - 40 + 5);
    await engine.tick({ limit: 1 });
    const woken: boolean[] = [];
    for (const id of waiting) woken.push((await store.events(id)).some(({ kind }) => kind === "woken"));
    expect(woken).toEqual([true, false, false, false]);
  });

  test("wake themselves if their lane was freed before they slept", async () => {
    const { another, approved, cloud, store } = purchaseFixture(CONTRACT.none, {}, { retryDelayMs: 30_000 });
    const [first, second] = [await approved(), await approved()];
    let firstIsBought: Promise<unknown> | undefined;
    // The first basket holds the lane until the second one has lost it, and frees it before that one sleeps.
    const { given, give } = signal();
    const slow = another({
      providers: [
        {
          ...cloud.provider,
          async purchase(...call: Parameters<typeof cloud.provider.purchase>) {
            await given;
            return cloud.provider.purchase(...call);
          },
        },
      ],
    });
    firstIsBought = slow.run(first);
    while ((await store.get(first))?.lines[0]?.state !== "submitting") await new Promise((done) => setImmediate(done));
    const late = another({
      worker: "w2",
      store: {
        ...store,
        async laneHolder(lane) {
          const holder = await store.laneHolder(lane);
          give();
          await firstIsBought;
          return holder;
        },
      },
    });
    await late.run(second);
    expect(await store.get(second)).toMatchObject({ status: "approved", wakeAt: null });
  });

  test("are bought in the same round, though they are woken while it looks for more work", async () => {
    const { another, approved, cloud, store } = purchaseFixture(CONTRACT.none, {}, { retryDelayMs: 30_000 });
    const ids = [await approved(), await approved()];
    const [oneIsLeftWaiting, oneIsWoken] = [signal(), signal()];
    const engine = another({
      concurrency: 2,
      providers: [
        {
          ...cloud.provider,
          async purchase(...call: Parameters<typeof cloud.provider.purchase>) {
            await oneIsLeftWaiting.given;
            return cloud.provider.purchase(...call);
          },
        },
      ],
      store: {
        ...store,
        async claimDue(batch) {
          const claimed = await store.claimDue(batch);
          if (claimed.length > 0) return claimed;
          oneIsLeftWaiting.give();
          await oneIsWoken.given;
          for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done));
          return claimed;
        },
        async commit(change) {
          const answer = await store.commit(change);
          if (change.event.kind === "woken") oneIsWoken.give();
          return answer;
        },
      },
    });
    expect(await engine.tick()).toMatchObject({ ran: 2, outcomes: { committed: 2, waiting: {} } });
    for (const id of ids) expect((await store.get(id))?.status).toBe("completed");
  });

  test("are not woken again and again by rounds that buy nothing", async () => {
    const { engine, approved, clock, cloud, store } = purchaseFixture(
      CONTRACT.none,
      { purchases: [{ kind: "lost-request" }, { kind: "lost-reply" }] },
      { concurrency: 1 },
    );
    const holder = await approved([simulatedLine({ region: "r2" })]);
    await engine.run(holder);
    const id = await approved([simulatedLine(), simulatedLine({ region: "r2", quantity: 1 })]);
    await engine.run(id);
    expect(await store.get(id)).toMatchObject({
      lines: [{ state: "in_doubt" }, { state: "planned", lastError: { code: "LANE_BUSY" } }],
    });
    // The first line waits for a person, so the execution stays in doubt. The lane of the second one becomes free.
    cloud.buyElsewhere(simulatedLine());
    clock.advance(SETTLE_WAIT_MS + 1);
    const said = { evidence: { note: "not in the console" }, resolvedBy: "carol" };
    await engine.resolve(holder, 0, { outcome: "rejected", ...said });
    const claims = async () => (await store.events(id)).filter(({ kind }) => kind === "claimed").length;
    const before = await claims();
    await engine.reconcile({ limit: 10 });
    expect(await claims()).toBe(before + 1);
  });

  test("are asked for once for each lane, however many lines wait", async () => {
    const { another, approved, store } = purchaseFixture(CONTRACT.none, { purchases: [{ kind: "lost-request" }] });
    const asked: string[] = [];
    const counting = {
      ...store,
      laneHolder(lane: string) {
        asked.push(lane);
        return store.laneHolder(lane);
      },
    };
    await another().run(await approved());
    const lines = Array.from({ length: 40 }, (_, at) => simulatedLine({ quantity: at + 3 }));
    const id = await approved(lines);
    await another({ store: counting }).run(id);
    expect((await store.get(id))?.lines.every(({ lastError }) => lastError?.code === "LANE_BUSY")).toBe(true);
    expect(asked).toHaveLength(2);
  });

  test("are bought after their pause if waking them fails", async () => {
    const warnings: string[] = [];
    const logger = { info() {}, error() {}, warn: (message: string) => void warnings.push(message) };
    const { another, approved, clock, cloud, store } = purchaseFixture(CONTRACT.none, {}, { logger });
    const deaf = another({
      store: {
        ...store,
        laneWaiters: async () => {
          throw new Error("the connection is gone");
        },
        laneHolder: async () => {
          throw new Error("the connection is gone");
        },
      },
    });
    await approved();
    await approved();
    await deaf.tick();
    expect(cloud.ledger()).toHaveLength(1);
    expect(warnings).toContain(
      "Executions that wait for a lane could not be woken; they are tried again after their pause",
    );
    clock.advance(31_000);
    await deaf.tick();
    expect(cloud.ledger()).toHaveLength(2);
  });
});
