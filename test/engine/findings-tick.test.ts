import { describe, expect, test } from "vitest";
import { reapStuckExecutions } from "../../src/state-machine/reap-stuck-executions.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

const MINUTE = 60_000;

/** The store, whose every call fails as soon as `breaks` says so of one. */
function outage(store: ExecutionStore, breaks: (call: string, args: readonly unknown[]) => boolean, lasts = true) {
  const state = { down: false };
  return new Proxy(store, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "function" || typeof key !== "string") return value;
      return async (...args: unknown[]) => {
        const isBroken = breaks(key, args);
        state.down ||= isBroken && lasts;
        if (isBroken || state.down) throw new Error("ECONNRESET");
        return Reflect.apply(value, target, args);
      };
    },
  });
}

const isEvent = (kind: string) => (call: string, args: readonly unknown[]) =>
  call === "commit" && JSON.stringify(args).includes(`"kind":"${kind}"`);

describe("a round whose store goes down", () => {
  test("after a purchase tells of it, and of what it could not do", async () => {
    const { another, approved, cloud, store } = purchaseFixture(CONTRACT.native);
    const id = await approved();
    const report = await another({ store: outage(store, isEvent("committed")) }).tick();
    expect(cloud.ledger()).toHaveLength(1);
    expect(report.errors[0]).toMatchObject({ executionId: id, error: { code: "PURCHASE_NOT_RECORDED" } });
    expect(report.errors.slice(1)).toMatchObject([{ error: { message: "ECONNRESET" } }, {}]);
    expect(report.errors[1]).not.toHaveProperty("executionId");
  });

  test("for one write to put a label off labels the others", async () => {
    const { another, approved, clock, cloud, store } = purchaseFixture(CONTRACT.none, { labels: [true, true, true] });
    const first = await approved();
    const second = await approved([simulatedLine({ offering: { size: "l" } })]);
    const engine = another({ store: outage(store, isEvent("attempt_failed"), false) });
    for (const id of [first, second]) await engine.run(id);
    expect(await engine.tick()).toMatchObject({ labeled: 1, errors: [] });
    clock.advance(MINUTE);
    expect(await engine.tick()).toMatchObject({ labeled: 1 });
    expect(cloud.ledger()).toHaveLength(2);
  });
});

test("labels of lines that this engine cannot label keep no other label waiting", async () => {
  const { another, approved, clock, store } = purchaseFixture(CONTRACT.none, { labels: Array(4).fill(true) });
  const ids: string[] = [];
  for (const size of ["a", "b", "c", "d"]) ids.push(await approved([simulatedLine({ offering: { size } })]));
  for (const id of ids) await another().run(id);
  await another({ providers: [] }).tick({ limit: 3 });
  clock.advance(1);
  expect(await another().tick({ limit: 3 })).toMatchObject({ labeled: 1 });
  expect((await store.get(ids[3] ?? ""))?.lines[0]?.needsLabel).toBe(false);
});

test("labels wait where the deadline has passed, and more is said to be due", async () => {
  const { another, approved, clock } = purchaseFixture(CONTRACT.none, { labels: [true] });
  const engine = another();
  await engine.run(await approved());
  expect(await engine.tick({ deadline: clock.now() })).toMatchObject({ labeled: 0, more: true });
  expect(await engine.tick({ limit: 1 })).toMatchObject({ labeled: 1, more: true });
  expect(await engine.tick({ limit: 1 })).toMatchObject({ labeled: 0, more: false });
});

test("an execution that has slept longer than the reaper waits is run, not reaped", async () => {
  const { approved, clock, engine, store } = purchaseFixture(CONTRACT.none, { lookups: [true, true] });
  const { id } = await engine.submit({ requestKey: "old", createdBy: "ann", lines: [simulatedLine()] });
  await engine.approve(id, { approvedBy: "bob" });
  await engine.run(id);
  clock.advance(120 * MINUTE);
  const { wakeAt } = await engine.run(id);
  expect(wakeAt).toBeGreaterThan(clock.now() + 10 * MINUTE);
  clock.advance(12 * MINUTE + 1_000);
  expect(await reapStuckExecutions(store, {})).toMatchObject({ found: 0 });
  expect(await engine.run(id)).toMatchObject({ status: "completed" });
  const idle = await approved([simulatedLine({ offering: { size: "xl" } })]);
  clock.advance(11 * MINUTE);
  expect(await reapStuckExecutions(store, {})).toMatchObject({ reaped: 1 });
  expect(await store.get(idle)).toMatchObject({ status: "failed" });
});

test.each([0, -1, 1.5, Number.NaN])("a limit of %s is refused before anything is done", async (limit) => {
  const { approved, cloud, engine } = purchaseFixture(CONTRACT.native);
  await approved();
  const refusal = { code: "INVALID_REQUEST" };
  await expect(engine.tick({ limit })).rejects.toMatchObject(refusal);
  await expect(engine.reconcile({ limit })).rejects.toMatchObject(refusal);
  await expect(engine.history({ limit })).rejects.toMatchObject(refusal);
  expect(cloud.ledger()).toEqual([]);
});

test("times that no store can hold are refused", async () => {
  const { another, clock, engine } = purchaseFixture(CONTRACT.native);
  const submission = { requestKey: "k", createdBy: "ann", lines: [simulatedLine()] };
  await expect(engine.submit({ ...submission, expiresInMs: 1e17 })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  const { id } = await engine.submit(submission);
  const runAt = new Date("+010000-01-01T00:00:00Z");
  await expect(engine.schedule(id, { approvedBy: "bob", runAt })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  expect(() => another({ reapAfterMs: Number.MAX_SAFE_INTEGER })).toThrow("100 years");
  await expect(engine.approve(id, { approvedBy: "bob\0" })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  expect(await engine.schedule(id, { approvedBy: "bob", runAt: clock.now() + MINUTE })).toMatchObject({
    status: "scheduled",
  });
});

test("explain speaks of no worker where an execution that has bought something waits for its next round", async () => {
  const { engine, approved } = purchaseFixture(CONTRACT.native, { lookups: [false, true] }, { concurrency: 1 });
  const id = await approved([simulatedLine(), simulatedLine({ region: "r2" })]);
  await engine.run(id);
  expect(await engine.explain(id)).toMatchObject({ status: "running", next: expect.stringContaining("tries again") });
});
