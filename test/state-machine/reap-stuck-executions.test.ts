import { describe, expect, test } from "vitest";
import { type ReapOptions, reapStuckExecutions } from "../../src/state-machine/reap-stuck-executions.js";
import { crashingStore, crashPlan, interceptPort } from "../../src/testing/crashing-store.js";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

const MINUTE = 60_000;

describe("reapStuckExecutions", () => {
  test("fails an approved execution that nobody ran, and says a retry is safe", async () => {
    const { store, clock, approved } = purchaseFixture(CONTRACT.none);
    const id = await approved();
    clock.advance(10 * MINUTE);
    expect(await reapStuckExecutions(store)).toEqual({ found: 0, reaped: 0, raceLost: 0, errored: 0 });
    clock.advance(1);
    expect(await reapStuckExecutions(store)).toEqual({ found: 1, reaped: 1, raceLost: 0, errored: 0 });
    expect(await store.get(id)).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/approved for 600 s.*retry is safe/),
    });
  });

  // The points of a run of one line: claim 1-2, lookup 3-4, prepare 5-6, write-ahead 7-8, purchase 9-10, record 11-12,
  // and label 13-14 under contract none.
  test.each([
    [3, "native", "failed", "nothing was submitted"],
    [8, "native", "in_doubt", "the write-ahead was stored"],
    [10, "native", "in_doubt", "the cloud bought and nothing was recorded"],
    [13, "none", "completed", "only the label and the settling were lost"],
  ] as const)(
    "moves what a crash at point %i under contract %s left to %s: %s",
    async (crashAt, contract, status, _why) => {
      const { store, cloud, clock, another, approved } = purchaseFixture(CONTRACT[contract]);
      const id = await approved();
      const plan = crashPlan(crashAt);
      const worker = another({
        store: crashingStore(store, plan),
        providers: [interceptPort(cloud.provider, plan.hooks)],
      });
      await worker.run(id).catch(() => undefined);
      expect(plan.crashed).toBe(true);
      clock.advance(20 * MINUTE);
      await reapStuckExecutions(store);
      expect((await store.get(id))?.status).toBe(status);
      expect(cloud.requests().length).toBe(crashAt >= 10 ? 1 : 0);
    },
  );

  test("leaves live leases, younger rows and other statuses alone", async () => {
    const { store, engine, clock, approved } = purchaseFixture(CONTRACT.none);
    const held = await approved();
    const lease = { kind: "take", owner: "w", durationMs: 60 * MINUTE } as const;
    await engine.submit({ requestKey: "pending", createdBy: "ann", lines: [simulatedLine()] });
    await store.commit({
      executionId: held,
      guard: {},
      status: "running",
      lease,
      event: { kind: "claimed", actor: "w" },
    });
    clock.advance(20 * MINUTE);
    await approved();
    expect(await reapStuckExecutions(store)).toEqual({ found: 0, reaped: 0, raceLost: 0, errored: 0 });
  });

  test("counts a lost race and a failing row, and goes on", async () => {
    const { store, clock, approved } = purchaseFixture(CONTRACT.none);
    const ids = [await approved(), await approved(), await approved()];
    clock.advance(20 * MINUTE);
    const rough = {
      ...store,
      commit: async (change: Parameters<typeof store.commit>[0]) => {
        if (change.executionId === ids[0]) throw new Error("connection lost");
        if (change.executionId === ids[1]) return { kind: "refused", because: "guard" } as const;
        return store.commit(change);
      },
    };
    expect(await reapStuckExecutions(rough)).toEqual({ found: 3, reaped: 1, raceLost: 1, errored: 1 });
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses an age of %d", async (reapAfterMs) => {
    const { store } = purchaseFixture(CONTRACT.none);
    await expect(reapStuckExecutions(store, { reapAfterMs })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });

  test.each<readonly [object, string]>([
    [{ reapAfter: 60_000 }, "options.reapAfter"],
    [{ reapAfterMs: 60_000, dryRun: true }, "options.dryRun"],
    [{ reapAfterMs: "600000" }, "reapAfterMs"],
    [{ signal: new AbortController() }, "signal"],
    [{ limit: 0 }, "limit"],
    [{ limit: "5" }, "limit"],
    [{ actor: "" }, "actor"],
    [{ actor: " \u200b" }, "actor"],
    [{ logger: { warn() {} } }, "logger"],
  ])("reaps nothing under options that nobody reads or that are out of range: %o", async (options, path) => {
    const { store, clock, approved } = purchaseFixture(CONTRACT.none);
    const id = await approved();
    clock.advance(20 * MINUTE);
    await expect(reapStuckExecutions(store, options as ReapOptions)).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      details: { problems: [{ path }] },
    });
    expect((await store.get(id))?.status).toBe("approved");
  });

  test("cancels an approved execution of which every line was canceled and only the settling was lost", async () => {
    const { store, clock, approved } = purchaseFixture(CONTRACT.none);
    const id = await approved();
    const { version, lines } = (await store.get(id)) ?? expect.unreachable();
    await store.commit({
      executionId: id,
      guard: { version },
      lines: lines.map(({ index, request: _, fingerprint: __, ...progress }) => ({
        index,
        progress: { ...progress, state: "skipped", withdrawn: { by: "ann" } },
      })),
      event: { kind: "canceled", actor: "ann" },
    });
    clock.advance(20 * MINUTE);
    expect(await reapStuckExecutions(store)).toMatchObject({ found: 1, reaped: 1 });
    expect(await store.get(id)).toMatchObject({
      status: "canceled",
      reason: expect.stringContaining("every line was canceled"),
    });
  });

  test("passes a failing listing on, and stops when aborted", async () => {
    const { store, clock, approved } = purchaseFixture(CONTRACT.none);
    await approved();
    clock.advance(20 * MINUTE);
    expect(await reapStuckExecutions(store, { signal: AbortSignal.abort() })).toMatchObject({ found: 1, reaped: 0 });
    const down = { ...store, stuck: () => Promise.reject(new Error("down")) };
    await expect(reapStuckExecutions(down)).rejects.toThrow("down");
  });
});
