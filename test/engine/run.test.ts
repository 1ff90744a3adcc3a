import { describe, expect, test } from "vitest";
import type { BuyonceError } from "../../src/domain/errors.js";
import { createPurchaseEngine } from "../../src/engine/purchase-engine.js";
import { interceptPort } from "../../src/testing/crashing-store.js";
import { CONTRACT, purchaseFixture, SETTLE_WAIT_MS, simulatedLine } from "../support/purchase-fixture.js";
import { UNGUARDED } from "../support/unguarded.js";

const LOST_REPLY = { purchases: [{ kind: "lost-reply" }] } as const;

describe("run", () => {
  test("buys every line once and completes", async () => {
    const { engine, cloud, approved } = purchaseFixture(CONTRACT.native);
    const id = await approved([simulatedLine(), simulatedLine({ quantity: 1 })]);
    const execution = await engine.run(id);
    expect(execution.status).toBe("completed");
    expect(execution.lines.map((line) => line.commitment?.commitmentIds)).toEqual([["c-1"], ["c-2"]]);
    expect(cloud.ledger()).toHaveLength(2);
    expect(execution.lease).toBeNull();
  });

  test("does nothing when its message is delivered again", async () => {
    const { engine, cloud, approved } = purchaseFixture(CONTRACT.none);
    const id = await approved();
    const first = await engine.run(id);
    expect(await engine.run(id)).toEqual({ ...first, outcomes: { ...first.outcomes, committed: 0 } });
    expect(cloud.requests()).toHaveLength(1);
  });

  test("returns the execution untouched while another worker holds it", async () => {
    const { engine, store, approved } = purchaseFixture(CONTRACT.none);
    const id = await approved();
    const lease = { kind: "take", owner: "other", durationMs: 1_000 } as const;
    await store.commit({
      executionId: id,
      guard: {},
      status: "running",
      lease,
      event: { kind: "claimed", actor: "other" },
    });
    expect(await engine.run(id)).toMatchObject({ status: "running", lease: { owner: "other" } });
  });

  test.each(["pending", "canceled"] as const)("refuses a %s execution and carries it", async (status) => {
    const { engine } = purchaseFixture(CONTRACT.none);
    const { id } = await engine.submit({ requestKey: "k", createdBy: "ann", lines: [simulatedLine()] });
    if (status === "canceled") await engine.cancel(id, { canceledBy: "ann" });
    await expect(engine.run(id)).rejects.toMatchObject({
      code: "EXECUTION_NOT_IN_EXPECTED_STATUS",
      current: { id, status },
    });
  });

  test("leaves a line in doubt after a lost reply, and adopts it once the settle wait is over", async () => {
    const { engine, clock, cloud, approved } = purchaseFixture(CONTRACT.none, LOST_REPLY);
    const id = await approved();
    expect(await engine.run(id)).toMatchObject({
      status: "in_doubt",
      lines: [{ state: "in_doubt", doubt: { reason: "the reply was lost" } }],
    });
    clock.advance(SETTLE_WAIT_MS);
    await engine.tick();
    expect((await engine.explain(id)).status).toBe("in_doubt");
    clock.advance(1);
    expect(await engine.tick()).toMatchObject({ reconciled: 1 });
    expect(await engine.run(id)).toMatchObject({
      status: "completed",
      lines: [{ commitment: { commitmentIds: ["c-1"], adopted: true } }],
    });
    expect(cloud.requests()).toHaveLength(1);
  });

  test("buys again only after it is proved that the first request never landed", async () => {
    const { engine, clock, cloud, approved } = purchaseFixture(CONTRACT.none, {
      purchases: [{ kind: "lost-request" }],
    });
    const id = await approved();
    await engine.run(id);
    clock.advance(SETTLE_WAIT_MS + 1);
    expect(await engine.run(id)).toMatchObject({ status: "completed", lines: [{ attempt: 2 }] });
    expect(cloud.ledger()).toHaveLength(1);
    expect((await engine.events(id)).map((event) => event.kind)).toContain("not_landed");
  });

  test("sends again at once under the same token where the cloud dedupes it", async () => {
    const { engine, clock, cloud, approved } = purchaseFixture(CONTRACT.native, {
      purchases: [{ kind: "lost-request" }],
    });
    const id = await approved();
    expect((await engine.run(id)).status).toBe("in_doubt");
    clock.advance(30_000);
    expect((await engine.tick()).reconciled).toBe(1);
    expect((await engine.run(id)).status).toBe("completed");
    expect(new Set(cloud.requests().map((request) => request.token)).size).toBe(1);
  });

  describe("where somebody else buys the same offering meanwhile", () => {
    const meanwhile = async (labels: readonly boolean[]) => {
      const fixture = purchaseFixture(CONTRACT.none, { ...LOST_REPLY, labels });
      const id = await fixture.approved();
      await fixture.engine.run(id);
      const other = purchaseFixture(CONTRACT.none);
      const outsider = createPurchaseEngine({
        ...UNGUARDED,
        store: other.store,
        providers: [fixture.cloud.provider],
        clock: fixture.clock,
      });
      await outsider.run(await other.approved());
      fixture.clock.advance(SETTLE_WAIT_MS + 1);
      return await fixture.engine.reconcile(id);
    };

    test("leaves alone what carries another token", async () => {
      expect(await meanwhile([])).toMatchObject({
        status: "completed",
        lines: [{ commitment: { commitmentIds: ["c-1"] } }],
      });
    });

    test("asks a person where two commitments could be the line's", async () => {
      const doubt = { candidates: ["c-1", "c-2"], needsPerson: true };
      expect(await meanwhile([true])).toMatchObject({ status: "in_doubt", lines: [{ state: "in_doubt", doubt }] });
    });
  });

  test("sends nothing when the lookup fails, and hands the execution back with the reason", async () => {
    const { engine, cloud, clock, approved } = purchaseFixture(CONTRACT.none, { lookups: [true] });
    const id = await approved();
    expect(await engine.run(id)).toMatchObject({
      status: "approved",
      lines: [{ state: "planned", lastError: { code: "LOOKUP_FAILED" } }],
    });
    expect(cloud.requests()).toHaveLength(0);
    clock.advance(30_000);
    await engine.tick();
    expect((await engine.run(id)).status).toBe("completed");
  });

  test("sends nothing while the kill switch is on", async () => {
    let off = false;
    const { engine, cloud, approved } = purchaseFixture(CONTRACT.none, {}, { killSwitch: () => !off });
    const id = await approved();
    expect(await engine.run(id)).toMatchObject({
      status: "approved",
      lines: [{ state: "planned", lastError: { code: "NOT_SENT" } }],
    });
    expect(cloud.requests()).toHaveLength(0);
    off = true;
    expect((await engine.run(id)).status).toBe("completed");
  });

  test("sends nothing once the call is aborted", async () => {
    const { engine, cloud, approved } = purchaseFixture(CONTRACT.none);
    const id = await approved();
    expect((await engine.run(id, { signal: AbortSignal.abort() })).status).toBe("approved");
    expect(cloud.requests()).toHaveLength(0);
  });

  test.each([
    ["the permit's time", { sendWithinMs: 5_000 }, 5_001],
    ["the lease", { leaseMs: 20_000, sendWithinMs: 5_000, lineTimeoutMs: 10_000 }, 20_001],
    ["the line's time", { lineTimeoutMs: 10_000 }, 10_000],
  ])("sends nothing after %s has run out between write-ahead and wire", async (_, options, frozenMs) => {
    const { store, clock, cloud, another, approved } = purchaseFixture(CONTRACT.none);
    const id = await approved();
    const freeze = async (call: string) => {
      if (call === "commit" && (await store.get(id))?.lines[0]?.state === "submitting" && cloud.requests().length === 0)
        clock.advance(frozenMs);
    };
    const slow = interceptPort(store, { before: async () => {}, after: freeze });
    await another({ store: slow, ...options }).run(id);
    expect(cloud.requests()).toHaveLength(0);
  });

  test("rejects a line that is no longer what was approved", async () => {
    const { store, cloud, another, approved } = purchaseFixture(CONTRACT.none);
    const id = await approved();
    const tampered = {
      ...store,
      commit: async (change: Parameters<typeof store.commit>[0]) => {
        const result = await store.commit(change);
        if (result.kind !== "moved") return result;
        const lines = result.execution.lines.map((line) => ({ ...line, request: { ...line.request, quantity: 99 } }));
        return { ...result, execution: { ...result.execution, lines } };
      },
    };
    await another({ store: tampered }).run(id);
    expect(await store.get(id)).toMatchObject({
      status: "failed",
      lines: [{ rejection: { code: "FINGERPRINT_MISMATCH" } }],
    });
    expect(cloud.requests()).toHaveLength(0);
  });

  test("buys lines of one lane one after the other where the cloud dedupes nothing", async () => {
    const { engine, cloud, approved } = purchaseFixture(CONTRACT.none, {}, { concurrency: 8 });
    const id = await approved([simulatedLine(), simulatedLine(), simulatedLine()]);
    expect((await engine.run(id)).status).toBe("completed");
    expect(cloud.ledger().map((entry) => entry.token).length).toBe(3);
  });

  test("says why a line waits where another execution holds its lane", async () => {
    const { engine, approved } = purchaseFixture(CONTRACT.none, LOST_REPLY);
    await engine.run(await approved());
    expect(await engine.run(await approved())).toMatchObject({
      status: "approved",
      lines: [{ state: "planned", lastError: { code: "LANE_BUSY" } }],
    });
  });

  test("throws PURCHASE_NOT_RECORDED with the evidence, in the log too, where the store is gone after the purchase", async () => {
    const logged: unknown[] = [];
    const { store, cloud, clock, another, approved, engine } = purchaseFixture(CONTRACT.none);
    const id = await approved();
    const down = interceptPort(store, {
      before: async () => {
        if (cloud.requests().length > 0) throw new Error("connection refused");
      },
      after: async () => {},
    });
    const logger = { info() {}, warn() {}, error: (_: string, fields?: unknown) => void logged.push(fields) };
    const error = await another({ store: down, logger })
      .run(id)
      .catch((thrown: BuyonceError) => thrown);
    expect(error).toMatchObject({
      code: "PURCHASE_NOT_RECORDED",
      moneyMoved: "yes",
      details: { lineIndex: 0, commitment: { commitmentIds: ["c-1"] } },
    });
    expect(logged).toContainEqual(
      expect.objectContaining({ commitment: expect.objectContaining({ commitmentIds: ["c-1"] }) }),
    );
    clock.advance(SETTLE_WAIT_MS + 120_000);
    await engine.tick();
    expect(await store.get(id)).toMatchObject({
      status: "completed",
      lines: [{ commitment: { commitmentIds: ["c-1"], adopted: true } }],
    });
  });

  test("labels a commitment by a later tick where the label failed", async () => {
    const { engine, store, approved } = purchaseFixture(CONTRACT.none, { labels: [true] });
    const id = await approved();
    expect(await engine.run(id)).toMatchObject({ status: "completed", lines: [{ needsLabel: true }] });
    expect((await engine.tick()).labeled).toBe(1);
    expect(await store.get(id)).toMatchObject({ status: "completed", lines: [{ needsLabel: false }] });
  });
});
