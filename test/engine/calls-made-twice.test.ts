import { describe, expect, test } from "vitest";
import type { Resolution } from "../../src/engine/decisions/resolve.js";
import { mayAcknowledge } from "../../src/engine/may-acknowledge.js";
import {
  CONTRACT,
  type PurchaseFixture,
  purchaseFixture,
  SETTLE_WAIT_MS,
  simulatedLine,
} from "../support/purchase-fixture.js";
import { onEachStore, QUICK } from "./support/on-each-store.js";

const BOB = { approvedBy: "bob" };
const REFUSED = { code: "EXECUTION_NOT_IN_EXPECTED_STATUS" };

const pending = async ({ engine }: Pick<PurchaseFixture, "engine">) =>
  (await engine.submit({ requestKey: "twice", createdBy: "ann", lines: [simulatedLine()] })).id;

describe("a basket that is submitted twice", () => {
  onEachStore((open) => {
    test("is found, though another basket covers its needs by now", async () => {
      const { engine, cloud } = await open(QUICK.native, {}, { overlapWindowMs: 600_000 });
      const basket = { requestKey: "first", createdBy: "ann", lines: [simulatedLine()] };
      const { id } = await engine.submit(basket);
      const other = await engine.submit({ ...basket, requestKey: "second" });
      await engine.approve(other.id, BOB);
      expect(await engine.submit(basket)).toMatchObject({ id, created: false, status: "pending" });
      await engine.run(other.id);
      await engine.cancel(id, { canceledBy: "bob" });
      expect(await engine.submit(basket)).toMatchObject({ id, created: false, status: "canceled" });
      const covered = { code: "NEED_ALREADY_COVERED" };
      await expect(engine.submit({ ...basket, source: "another ticket" })).rejects.toMatchObject(covered);
      await expect(engine.submit({ ...basket, requestKey: "third" })).rejects.toMatchObject(covered);
      expect(cloud.ledger()).toHaveLength(1);
    });
  });

  test("is found by an engine that cannot buy it", async () => {
    const { engine, another, store } = purchaseFixture(CONTRACT.native);
    const basket = { requestKey: "first", createdBy: "ann", lines: [simulatedLine()] };
    const { id } = await engine.submit(basket);
    const withoutProvider = another({ providers: [] });
    expect(await withoutProvider.submit(basket)).toMatchObject({ id, created: false });
    await expect(withoutProvider.submit({ ...basket, requestKey: "second" })).rejects.toMatchObject({
      code: "PROVIDER_NOT_REGISTERED",
    });
    expect((await store.history({})).executions).toHaveLength(1);
  });
});

describe("a decision that is made twice", () => {
  onEachStore((open) => {
    test("is one approval, at every stage of the purchase", async () => {
      const { engine, store } = await open(QUICK.none);
      const id = await pending({ engine });
      const approved = await engine.approve(id, BOB);
      expect(await engine.approve(id, { approvedBy: { id: "Bob " } })).toEqual(approved);
      await engine.run(id);
      expect(await engine.approve(id, BOB)).toMatchObject({ status: "completed" });
      const trail = await store.events(id);
      expect(trail.filter(({ kind }) => kind.startsWith("approv"))).toHaveLength(1);
    });

    test("is one cancel", async () => {
      const { engine, store } = await open(QUICK.none);
      const id = await pending({ engine });
      const canceled = await engine.cancel(id, { canceledBy: "bob" });
      expect(await engine.cancel(id, { canceledBy: "bob" })).toEqual(canceled);
      expect(await engine.cancel(id, { canceledBy: "eve" })).toEqual(canceled);
      expect((await store.get(id))?.version).toBe(canceled.version);
    });

    test("is one schedule for one time, also once that time has come", async () => {
      const { engine, pass, store } = await open(QUICK.none);
      const id = await pending({ engine });
      const { createdAt } = await engine.get(id);
      const when = { ...BOB, runAt: createdAt + 400 };
      const scheduled = await engine.schedule(id, when);
      expect(await engine.schedule(id, when)).toEqual(scheduled);
      await expect(engine.schedule(id, { ...when, runAt: when.runAt + 1 })).rejects.toMatchObject(REFUSED);
      await expect(engine.schedule(id, { ...when, approvedBy: "eve" })).rejects.toMatchObject(REFUSED);
      await pass(500);
      await engine.tick();
      const { version } = await engine.schedule(id, when);
      expect(await store.get(id)).toMatchObject({ status: "completed", version });
    });

    test("is one pause and one resume", async () => {
      const { engine } = await open(QUICK.none);
      const id = await pending({ engine });
      const paused = await engine.pause(id, { pausedBy: "bob" });
      expect(await engine.pause(id, { pausedBy: "bob" })).toEqual(paused);
      const resumed = await engine.resume(id, { resumedBy: "bob" });
      expect(await engine.resume(id, { resumedBy: "bob" })).toEqual(resumed);
    });
  });

  test.each<Resolution>([
    { resolvedBy: "ann", outcome: "rejected", evidence: { note: "the console shows none" } },
    { resolvedBy: "ann", outcome: "committed", evidence: { commitmentIds: ["c-9"] } },
  ])("is one resolution ($outcome), and corrects nothing", async (resolution) => {
    const { engine, approved, clock, store } = purchaseFixture(CONTRACT.none, { purchases: [{ kind: "lost-reply" }] });
    const id = await approved();
    await engine.run(id);
    clock.advance(SETTLE_WAIT_MS + 1);
    const once = await engine.resolve(id, 0, resolution);
    expect(await engine.resolve(id, 0, resolution)).toEqual(once);
    const corrected = await engine.resolve(id, 0, { ...resolution, resolvedBy: "ben" });
    expect(corrected.version).toBe(once.version + 1);
    const kinds = (await store.events(id)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind.startsWith("resol"))).toEqual(["resolved", "resolution_corrected"]);
  });

  test("does not pass for the approval of somebody else, of a canceled basket, or of another content", async () => {
    const world = purchaseFixture(CONTRACT.none);
    const { engine } = world;
    const id = await pending(world);
    await engine.approve(id, BOB);
    await expect(engine.approve(id, { approvedBy: "eve" })).rejects.toMatchObject(REFUSED);
    const other = { ...BOB, expectFingerprint: "0".repeat(64) };
    await expect(engine.approve(id, other)).rejects.toMatchObject({ code: "CONTENT_DIFFERS" });
    await engine.cancel(id, { canceledBy: "ann" });
    await expect(engine.approve(id, BOB)).rejects.toMatchObject(REFUSED);
  });

  test("withdraws the rest of a basket once, and never what was bought", async () => {
    const { engine, approved } = purchaseFixture(CONTRACT.none, { lookups: [false, true] }, { concurrency: 1 });
    const id = await approved([simulatedLine(), simulatedLine({ quantity: 1 })]);
    await engine.run(id);
    const ended = await engine.cancel(id, { canceledBy: "ann" });
    expect(ended.status).toBe("completed");
    expect(await engine.cancel(id, { canceledBy: "ann" })).toEqual(ended);
    await expect(engine.cancel(id, { canceledBy: "eve" })).rejects.toMatchObject(REFUSED);
  });
});

test("submit says whether it created the execution or found it", async () => {
  const world = purchaseFixture(CONTRACT.none);
  const submission = { requestKey: "twice", createdBy: "ann", lines: [simulatedLine()] };
  const first = await world.engine.submit(submission);
  const second = await world.engine.submit(submission);
  expect([first.created, second.created]).toEqual([true, false]);
  expect(second.id).toBe(first.id);
});

test("get reads one execution, without its lineage key, and only for a reader who may see it", async () => {
  const { engine, approved, another } = purchaseFixture(CONTRACT.none);
  const id = await approved();
  const read = await engine.get(id);
  expect(read).toMatchObject({ id, status: "approved" });
  expect(read).not.toHaveProperty("lineageKey");
  const absent = { code: "EXECUTION_NOT_FOUND" };
  await expect(engine.get("none")).rejects.toMatchObject(absent);
  const strict = another({ authorize: ({ verb }) => verb !== "read" });
  await expect(strict.get(id, { readBy: "eve" })).rejects.toMatchObject(absent);
});

describe("waitUntilSettled", () => {
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  test("refuses a controller in place of its signal, which would never end the wait", async () => {
    const { approved, engine } = purchaseFixture(CONTRACT.none);
    const waiting = engine.waitUntilSettled(await approved(), { signal: new AbortController() } as object);
    await expect(waiting).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      details: {
        problems: [{ path: "signal", problem: "must be an AbortSignal; this is a controller: pass its `signal`" }],
      },
    });
  });

  test("waits while nobody has run the execution, and returns it once it has ended", async () => {
    const { engine, approved, clock } = purchaseFixture(CONTRACT.none);
    const id = await approved();
    let ended = false;
    const waiting = engine.waitUntilSettled(id).finally(() => {
      ended = true;
    });
    await turn();
    clock.advance(3_000);
    await turn();
    expect(ended).toBe(false);
    await engine.run(id);
    clock.advance(3_000);
    expect(await waiting).toMatchObject({ id, status: "completed" });
  });

  test("gives up after its time, with the execution as it is", async () => {
    const { engine, approved, clock } = purchaseFixture(CONTRACT.none);
    const id = await approved();
    const waiting = engine.waitUntilSettled(id, { timeoutMs: 1_000 }).catch((thrown: unknown) => thrown);
    await turn();
    clock.advance(1_000);
    expect(await waiting).toMatchObject({ code: "NOT_SETTLED_IN_TIME", current: { id, status: "approved" } });
  });

  test("throws the reason of its signal", async () => {
    const { engine, approved } = purchaseFixture(CONTRACT.none);
    const controller = new AbortController();
    const waiting = engine.waitUntilSettled(await approved(), { signal: controller.signal });
    await turn();
    controller.abort(new Error("the service stops"));
    await expect(waiting).rejects.toThrow("the service stops");
  });

  test("follows the signal of a polyfill, which has no method to throw", async () => {
    const { engine, approved } = purchaseFixture(CONTRACT.none);
    const signal = Object.assign(new EventTarget(), { aborted: false, reason: undefined as unknown });
    const waiting = engine.waitUntilSettled(await approved(), { signal: signal as unknown as AbortSignal });
    await turn();
    Object.assign(signal, { aborted: true, reason: new Error("the service stops") });
    signal.dispatchEvent(new Event("abort"));
    await expect(waiting).rejects.toThrow("the service stops");
  });

  test("waits out a doubt that the engine may end, and not one that only a person can", async () => {
    const { engine, approved, clock, cloud } = purchaseFixture(CONTRACT.none, { purchases: [{ kind: "lost-reply" }] });
    const id = await approved();
    await engine.run(id);
    const early = engine.waitUntilSettled(id, { timeoutMs: 1_000 }).catch((thrown: unknown) => thrown);
    await turn();
    clock.advance(1_000);
    expect(await early).toMatchObject({ code: "NOT_SETTLED_IN_TIME" });
    cloud.buyElsewhere(simulatedLine());
    clock.advance(400_000);
    await engine.tick();
    expect(await engine.waitUntilSettled(id)).toMatchObject({
      status: "in_doubt",
      lines: [{ doubt: { needsPerson: true } }],
    });
  });

  test("waits while a line beside such a doubt is still to be bought", async () => {
    const faults = { purchases: [{ kind: "lost-reply" }] } as const;
    const { another, approved, clock, cloud } = purchaseFixture(CONTRACT.none, faults, { concurrency: 1 });
    let isDown = true;
    const lookup: typeof cloud.provider.lookup = async (request, ...call) => {
      if (isDown && request.region === "r2") throw new Error("r2 is down");
      return cloud.provider.lookup(request, ...call);
    };
    const engine = another({ providers: [{ ...cloud.provider, lookup }] });
    const id = await approved([simulatedLine({ region: "r1" }), simulatedLine({ region: "r2" })]);
    await engine.run(id);
    cloud.buyElsewhere(simulatedLine({ region: "r1" }));
    clock.advance(400_000);
    await engine.tick();
    const early = engine.waitUntilSettled(id, { timeoutMs: 1_000 }).catch((thrown: unknown) => thrown);
    await turn();
    clock.advance(1_000);
    expect(await early).toMatchObject({ code: "NOT_SETTLED_IN_TIME" });
    isDown = false;
    clock.advance(400_000);
    await engine.tick();
    expect(await engine.waitUntilSettled(id)).toMatchObject({
      status: "in_doubt",
      lines: [{ doubt: { needsPerson: true } }, { state: "committed" }],
    });
  });
});

test("a message can be acknowledged exactly if another delivery would add nothing", async () => {
  const world = purchaseFixture(CONTRACT.none, { lookups: [true], purchases: [{ kind: "lost-reply" }] });
  const { engine } = world;
  const id = await pending(world);
  const now = async () => mayAcknowledge(await engine.get(id));
  expect(await now(), "pending").toBe(false);
  await engine.pause(id, { pausedBy: "ann" });
  expect(await now(), "paused").toBe(false);
  await engine.resume(id, { resumedBy: "ann" });
  await engine.approve(id, BOB);
  expect(await now(), "approved, and nobody has tried").toBe(false);
  expect(mayAcknowledge(await engine.run(id)), "a failed lookup, which tick tries again").toBe(true);
  expect(mayAcknowledge(await engine.run(id)), "in doubt").toBe(true);
  world.clock.advance(400_000);
  await engine.tick();
  expect(await engine.get(id)).toMatchObject({ status: "completed" });
  expect(await now(), "completed").toBe(true);
});

test("a promise of an execution is not acknowledged, and the refusal says what is missing", () => {
  const execution = Promise.resolve({ status: "completed", wakeAt: null });
  expect(() => mayAcknowledge(execution as never)).toThrow("this is a promise: did you forget await?");
});

test.each([undefined, null, {}, { status: "approved" }, { status: "done", wakeAt: null }])(
  "what is no execution is not acknowledged: %j",
  (execution) => {
    const refused = expect.objectContaining({ code: "INVALID_REQUEST" });
    expect(() => mayAcknowledge(execution as Parameters<typeof mayAcknowledge>[0])).toThrow(refused);
  },
);
