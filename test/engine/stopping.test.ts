import { describe, expect, test } from "vitest";
import { isBuyonceError } from "../../src/domain/errors.js";
import { isTerminal } from "../../src/state-machine/transitions.js";
import { CONTRACT, purchaseFixture, SETTLE_WAIT_MS, simulatedLine } from "../support/purchase-fixture.js";
import { onEachStore, QUICK } from "./support/on-each-store.js";

const DAY = 86_400_000;
const NOT_BOUGHT = { outcome: "rejected", evidence: { note: "not in the console" }, resolvedBy: "carol" } as const;

describe("cancel", () => {
  onEachStore((open) => {
    test("ends a basket of which one line was bought and the other one's lookup is denied", async () => {
      const { store, engine, cloud, approved } = await open(
        QUICK.native,
        { lookups: [false, true] },
        { concurrency: 1 },
      );
      const id = await approved([simulatedLine({ quantity: 1 }), simulatedLine()]);
      expect((await engine.run(id)).status).toBe("running");
      const canceled = await engine.cancel(id, { canceledBy: "ann", reason: "not wanted any more" });
      expect(canceled).toMatchObject({
        status: "completed",
        lines: [{ state: "committed" }, { state: "skipped", withdrawn: { by: "ann", reason: "not wanted any more" } }],
      });
      await engine.tick();
      expect((await store.get(id))?.version).toBe(canceled.version);
      expect(cloud.requests()).toHaveLength(1);
      expect((await engine.explain(id)).lines[1]?.known).toBe("Not bought: canceled by ann.");
    });

    test("skips a line in doubt once it is proved not to have landed, and sends nothing of it again", async () => {
      const { store, engine, cloud, approved, settle } = await open(QUICK.native, {
        purchases: [{ kind: "lost-request" }],
      });
      const id = await approved();
      await engine.run(id);
      expect(await engine.cancel(id, { canceledBy: "ann" })).toMatchObject({
        status: "in_doubt",
        lines: [{ state: "in_doubt", withdrawn: { by: "ann" } }],
      });
      const { version } = await engine.cancel(id, { canceledBy: "bob" });
      expect(version).toBe((await store.get(id))?.version);
      await settle();
      await settle();
      expect(await store.get(id)).toMatchObject({ status: "canceled", lines: [{ state: "skipped" }] });
      expect(cloud.requests()).toHaveLength(1);
    });

    test("leaves what was bought bought, also where that turns out later", async () => {
      const { store, engine, cloud, approved, settle } = await open(QUICK.none, {
        purchases: [{ kind: "lost-reply" }],
      });
      const id = await approved();
      await engine.run(id);
      await engine.cancel(id, { canceledBy: "ann" });
      await settle();
      expect(await store.get(id)).toMatchObject({ status: "completed", lines: [{ state: "committed" }] });
      expect(cloud.ledger()).toHaveLength(1);
    });

    test("takes the next write-ahead from a worker that holds the execution", async () => {
      const { store, engine, cloud, another, approved } = await open(QUICK.none);
      const id = await approved();
      const slow = {
        ...cloud.provider,
        async prepare(...call: Parameters<typeof cloud.provider.prepare>) {
          const prepared = await cloud.provider.prepare(...call);
          await engine.cancel(id, { canceledBy: "ann" });
          return prepared;
        },
      };
      await another({ providers: [slow], worker: "w2" }).run(id);
      expect(await store.get(id)).toMatchObject({ status: "canceled", lines: [{ state: "skipped" }], lease: null });
      expect(cloud.requests()).toEqual([]);
    });

    test("refuses what has ended", async () => {
      const { engine, approved } = await open(QUICK.none);
      const id = await approved();
      await engine.run(id);
      await expect(engine.cancel(id, { canceledBy: "ann" })).rejects.toMatchObject({
        code: "EXECUTION_NOT_IN_EXPECTED_STATUS",
        moneyMoved: "yes",
      });
    });
  });
});

describe("an approval", () => {
  onEachStore((open) => {
    test("that is too old buys nothing until somebody approves again", async () => {
      const { store, engine, cloud, approved, pass } = await open(QUICK.none, {}, { approvalLifetimeMs: 500 });
      const id = await approved();
      await pass(600);
      expect(await engine.run(id)).toMatchObject({
        status: "approved",
        lines: [{ state: "planned", lastError: { code: "APPROVAL_LAPSED" } }],
      });
      expect(cloud.requests()).toEqual([]);
      expect((await engine.explain(id)).approvedUntil).toBe(((await store.get(id))?.approvedAt ?? 0) + 500);
      expect(await engine.approve(id, { approvedBy: "eve" })).toMatchObject({ status: "approved", approvedBy: "eve" });
      expect((await engine.events(id)).at(-1)).toMatchObject({ kind: "approval_renewed", actor: "eve" });
      expect(await engine.run(id)).toMatchObject({ status: "completed" });
    });

    test("that still counts is not given twice", async () => {
      const { engine, approved } = await open(QUICK.none);
      const id = await approved();
      await expect(engine.approve(id, { approvedBy: "eve" })).rejects.toMatchObject({
        code: "EXECUTION_NOT_IN_EXPECTED_STATUS",
        message: expect.stringContaining("bob has approved it"),
      });
    });

    test("that runs out while a line is in doubt lets nothing be sent again, and the doubt end", async () => {
      const { store, engine, cloud, approved, settle } = await open(
        QUICK.named,
        { purchases: [{ kind: "lost-request" }] },
        { approvalLifetimeMs: 1_000 },
      );
      const id = await approved();
      await engine.run(id);
      await settle();
      expect(await store.get(id)).toMatchObject({ status: "approved", lines: [{ state: "planned" }] });
      await engine.tick();
      expect(cloud.requests()).toHaveLength(1);
    });
  });

  test("of a scheduled basket counts from its due time", async () => {
    const { clock, engine, store } = purchaseFixture(CONTRACT.none);
    const { id } = await engine.submit({ requestKey: "k", createdBy: "ann", lines: [simulatedLine()] });
    const runAt = clock.now() + 30 * DAY;
    await engine.schedule(id, { approvedBy: "bob", runAt });
    expect((await store.get(id))?.approvedAt).toBe(runAt);
    clock.advance(36 * DAY);
    await engine.tick();
    expect((await store.get(id))?.status).toBe("completed");
  });

  test("of a scheduled basket that nobody ran for longer than a week after its due time is asked for again", async () => {
    const { clock, engine, store, cloud } = purchaseFixture(CONTRACT.none);
    const { id } = await engine.submit({ requestKey: "k", createdBy: "ann", lines: [simulatedLine()] });
    await engine.schedule(id, { approvedBy: "bob", runAt: clock.now() + DAY });
    clock.advance(9 * DAY);
    await engine.tick();
    expect((await store.get(id))?.lines[0]?.lastError?.code).toBe("APPROVAL_LAPSED");
    expect(cloud.requests()).toEqual([]);
  });
});

describe("what lasts", () => {
  test("does not fill the trail: 200 days of a denied lookup leave some hundred events, and the basket can be ended", async () => {
    const { clock, engine, store, approved } = purchaseFixture(
      CONTRACT.native,
      { lookups: [false, ...Array<boolean>(5_000).fill(true)] },
      { concurrency: 1 },
    );
    const id = await approved([simulatedLine({ quantity: 1 }), simulatedLine()]);
    for (let hour = 0; hour < 200 * 24; hour += 1) {
      await engine.tick();
      clock.advance(3_600_000);
    }
    const execution = await store.get(id);
    expect(execution).toMatchObject({ status: "running", lines: [{ state: "committed" }, { state: "planned" }] });
    expect(execution?.version).toBeLessThan(400);
    expect(isTerminal((await engine.cancel(id, { canceledBy: "ann" })).status)).toBe(true);
  });

  test("a line whose every request is lost, at a cloud that dedupes for ever, lets a person end it after a few waits", async () => {
    const { clock, engine, store, approved } = purchaseFixture(CONTRACT.named, {
      purchases: Array.from({ length: 500 }, () => ({ kind: "lost-request" }) as const),
    });
    const id = await approved();
    let refusals = 0;
    for (let minute = 0; minute < 60; minute += 1) {
      clock.advance(60_000);
      await engine.tick();
      const end = await engine.resolve(id, 0, NOT_BOUGHT).catch((thrown: unknown) => thrown);
      if (!isBuyonceError(end, "RESOLUTION_REFUSED")) break;
      refusals += 1;
    }
    expect(refusals).toBeLessThan(40);
    expect((await store.get(id))?.status).toBe("failed");
  });

  test("a line whose every request is lost is given up in the end, also at a cloud that dedupes for ever", async () => {
    const { clock, engine, store, approved, cloud } = purchaseFixture(CONTRACT.named, {
      purchases: Array.from({ length: 500 }, () => ({ kind: "lost-request" }) as const),
    });
    const id = await approved();
    for (let round = 0; round < 400; round += 1) {
      clock.advance(SETTLE_WAIT_MS);
      await engine.tick();
    }
    expect(await store.get(id)).toMatchObject({ status: "failed", lines: [{ rejection: { code: "GIVEN_UP" } }] });
    expect(cloud.ledger()).toEqual([]);
  });

  test("with the kill switch on, a doubt ends and nothing is announced", async () => {
    const kill = { isOn: false };
    const { clock, engine, store, approved, cloud } = purchaseFixture(
      CONTRACT.named,
      { purchases: [{ kind: "lost-request" }] },
      { killSwitch: () => kill.isOn },
    );
    const id = await approved();
    await engine.run(id);
    const sent = (await store.get(id))?.lines[0]?.submittedAt;
    kill.isOn = true;
    for (let round = 0; round < 20; round += 1) {
      clock.advance(30_000);
      await engine.tick();
      expect((await store.get(id))?.lines[0]?.submittedAt).toBe(sent);
    }
    expect((await store.get(id))?.lines[0]).toMatchObject({ state: "planned", attempt: 1 });
    expect(cloud.requests()).toHaveLength(1);
  });
});

describe("a resend", () => {
  const lateResend = async (change: (cloud: ReturnType<typeof purchaseFixture>["cloud"]["provider"]) => object) => {
    const fixture = purchaseFixture(CONTRACT.named, { purchases: [{ kind: "lost-request" }] });
    const { clock, cloud, another, approved } = fixture;
    const id = await approved();
    await fixture.engine.run(id);
    clock.advance(20 * 60_000);
    const engine = another({ providers: [{ ...cloud.provider, ...change(cloud.provider) }] });
    await engine.run(id);
    return { ...fixture, id };
  };

  test("that comes late is sent where offering and price are still the same", async () => {
    const { cloud, store, id } = await lateResend(() => ({}));
    expect(cloud.requests()).toHaveLength(2);
    expect((await store.get(id))?.status).toBe("completed");
  });

  test("that comes late is not sent where the offering is another one now, and the doubt ends by looking", async () => {
    const { cloud, store, clock, engine, id } = await lateResend((provider) => ({
      prepare: async (...call: Parameters<typeof provider.prepare>) => ({
        ...(await provider.prepare(...call)),
        reference: "another offering",
      }),
    }));
    expect(cloud.requests()).toHaveLength(1);
    expect((await store.get(id))?.lines[0]).toMatchObject({
      state: "in_doubt",
      doubt: { noResend: true, reason: expect.stringContaining("not sent again: OFFERING_NOT_FOUND") },
    });
    clock.advance(SETTLE_WAIT_MS);
    await engine.tick();
    await engine.tick();
    expect((await store.get(id))?.status).toBe("completed");
  });
});
