import { describe, expect, test } from "vitest";
import { transitionExecutionStatus } from "../../src/state-machine/transition-execution-status.js";
import { CONTRACT, purchaseFixture } from "../support/purchase-fixture.js";

describe("transitionExecutionStatus", () => {
  test("moves with its event, and one of many racing calls wins", async () => {
    const { store, approved } = purchaseFixture(CONTRACT.none);
    const executionId = await approved();
    const ends = await Promise.allSettled(
      Array.from({ length: 16 }, (_, by) =>
        transitionExecutionStatus(store, { executionId, from: ["approved"], to: "canceled", actor: `p${by}` }),
      ),
    );
    expect(ends.filter((end) => end.status === "fulfilled")).toHaveLength(1);
    const losers = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
    for (const error of losers)
      expect(error).toMatchObject({ code: "EXECUTION_NOT_IN_EXPECTED_STATUS", current: { status: "canceled" } });
    expect(await store.events(executionId)).toHaveLength(3);
  });

  test("refuses what the table does not know before anything is read", async () => {
    const { store } = purchaseFixture(CONTRACT.none);
    const move = transitionExecutionStatus(store, { executionId: "nope", from: ["running"], to: "paused" });
    await expect(move).rejects.toMatchObject({ code: "ILLEGAL_TRANSITION" });
  });

  test("says when there is no such execution", async () => {
    const { store } = purchaseFixture(CONTRACT.none);
    const move = transitionExecutionStatus(store, { executionId: "nope", from: ["pending"], to: "approved" });
    await expect(move).rejects.toMatchObject({ code: "EXECUTION_NOT_FOUND" });
  });

  test("refuses an end status that the lines do not prove", async () => {
    const { store, approved } = purchaseFixture(CONTRACT.none);
    const executionId = await approved();
    await transitionExecutionStatus(store, { executionId, from: ["approved"], to: "running" });
    const completing = transitionExecutionStatus(store, { executionId, from: ["running"], to: "completed" });
    await expect(completing).rejects.toMatchObject({
      code: "STATUS_NOT_PROVED_BY_LINES",
      details: { proved: "failed" },
    });
    expect((await transitionExecutionStatus(store, { executionId, from: ["running"], to: "failed" })).status).toBe(
      "failed",
    );
  });
});
