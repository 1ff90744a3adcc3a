import { describe, expect, test } from "vitest";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

const DAY = 86_400_000;
const SUBMISSION = { requestKey: "key", createdBy: "ann", lines: [simulatedLine()] };

describe("an execution that nobody approves", () => {
  test.each<readonly [string, object, object, number | null]>([
    ["after seven days by default", {}, {}, 7 * DAY],
    ["after the engine's approvalWaitMs", { approvalWaitMs: DAY }, {}, DAY],
    ["after the time of its submission", { approvalWaitMs: DAY }, { expiresInMs: 1_000 }, 1_000],
    ["never, if the engine waits for ever", { approvalWaitMs: null }, {}, null],
    ["never, if its submission says so", {}, { expiresInMs: null }, null],
  ])("expires %s", async (_, options, more, after) => {
    const { another, clock, store } = purchaseFixture(CONTRACT.native);
    const engine = another(options);
    const { id, expiresAt, createdAt } = await engine.submit({ ...SUBMISSION, ...more });
    expect(expiresAt).toBe(after === null ? null : createdAt + after);
    clock.advance((after ?? 365 * DAY) - 1);
    expect(await engine.tick()).toMatchObject({ expired: 0 });
    clock.advance(1);
    expect(await engine.tick()).toMatchObject({ expired: after === null ? 0 : 1 });
    expect((await store.get(id))?.status).toBe(after === null ? "pending" : "expired");
  });

  test("expires as a retry likewise, and can then be retried", async () => {
    const { engine, approved, clock } = purchaseFixture(CONTRACT.native, { purchases: [{ kind: "rejected" }] });
    const id = await approved();
    await engine.run(id);
    const retry = await engine.retry(id, { requestedBy: "dan" });
    clock.advance(7 * DAY);
    expect(await engine.tick()).toMatchObject({ expired: 1 });
    expect(await engine.retry(retry.id, { requestedBy: "dan" })).toMatchObject({ status: "pending", retryAttempt: 2 });
  });

  test.each([0, -1, Number.NaN, "7d", 1e300])("is not given %j to wait", (approvalWaitMs) => {
    const { another } = purchaseFixture(CONTRACT.native);
    expect(() => another({ approvalWaitMs } as object)).toThrowError(
      expect.objectContaining({
        code: "INVALID_REQUEST",
        details: { problems: [expect.objectContaining({ path: "approvalWaitMs" })] },
      }),
    );
  });

  test("is stored with the same content, whatever the engine's wait", async () => {
    const { engine, another } = purchaseFixture(CONTRACT.native);
    const first = await engine.submit(SUBMISSION);
    expect(await another({ approvalWaitMs: null }).submit(SUBMISSION)).toEqual(first);
  });
});

describe("markNotified", () => {
  const TOLD = { channel: "#buyers", notifiedBy: "slack-bot" };

  test("moves a pending execution to notified once, and records the channel", async () => {
    const { engine, cloud } = purchaseFixture(CONTRACT.native);
    const { id, expiresAt } = await engine.submit(SUBMISSION);
    expect(await engine.markNotified(id, TOLD)).toMatchObject({ status: "notified", expiresAt });
    expect((await engine.events(id)).at(-1)).toMatchObject({
      kind: "notified",
      actor: "slack-bot",
      data: { channel: "#buyers" },
    });
    await expect(engine.markNotified(id, TOLD)).rejects.toMatchObject({
      code: "EXECUTION_NOT_IN_EXPECTED_STATUS",
      current: { status: "notified" },
    });
    await engine.approve(id, { approvedBy: "bob" });
    await engine.run(id);
    expect(cloud.ledger()).toHaveLength(1);
  });

  test("lets one of racing notifiers win", async () => {
    const { engine } = purchaseFixture(CONTRACT.native);
    const { id } = await engine.submit(SUBMISSION);
    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => engine.markNotified(id, TOLD)));
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test.each(["approve", "pause", "cancel"] as const)("does not hold %s up", async (verb) => {
    const { engine } = purchaseFixture(CONTRACT.native);
    const { id } = await engine.submit(SUBMISSION);
    await engine.markNotified(id, TOLD);
    const call = {
      approve: () => engine.approve(id, { approvedBy: "bob" }),
      pause: () => engine.pause(id, { pausedBy: "bob" }),
      cancel: () => engine.cancel(id, { canceledBy: "bob" }),
    };
    await call[verb]();
  });

  test.each<readonly [string, object]>([
    ["no channel", { notifiedBy: "bot" }],
    ["a blank channel", { ...TOLD, channel: " " }],
    ["a channel without an end", { ...TOLD, channel: "x".repeat(201) }],
    ["an unknown field", { ...TOLD, to: "bob" }],
  ])("refuses %s", async (_, notification) => {
    const { engine, store } = purchaseFixture(CONTRACT.native);
    const { id } = await engine.submit(SUBMISSION);
    await expect(engine.markNotified(id, notification as typeof TOLD)).rejects.toMatchObject({
      code: "INVALID_REQUEST",
    });
    expect((await store.get(id))?.status).toBe("pending");
  });

  test("needs a name, and an execution", async () => {
    const { engine } = purchaseFixture(CONTRACT.native);
    const { id } = await engine.submit(SUBMISSION);
    await expect(engine.markNotified(id, { ...TOLD, notifiedBy: "" })).rejects.toMatchObject({
      code: "INVALID_REQUEST",
    });
    await expect(engine.markNotified("nope", TOLD)).rejects.toMatchObject({ code: "EXECUTION_NOT_FOUND" });
  });
});
