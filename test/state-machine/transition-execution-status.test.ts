import { describe, expect, test } from "vitest";
import { PLANNED, type PurchaseLine } from "../../src/domain/execution.js";
import type { ExecutionStatus } from "../../src/domain/execution-status.js";
import type { LineState } from "../../src/domain/line-state.js";
import { lineageIdOf } from "../../src/domain/lineage-id.js";
import type { StatusTransition } from "../../src/state-machine/check-move.js";
import { transitionExecutionStatus } from "../../src/state-machine/transition-execution-status.js";
import { committed } from "../../src/testing/store-contract/samples.js";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

const HOUR = 3_600_000;
const BY_BOB = { approvedBy: "bob" } as const;

/** A shop with one pending execution that waits for approval for two hours. */
async function pendingFixture() {
  const fixture = purchaseFixture(CONTRACT.none);
  const { store, engine } = fixture;
  const submission = { requestKey: "key", createdBy: "ann", lines: [simulatedLine()], expiresInMs: 2 * HOUR };
  const { id: executionId } = await engine.submit(submission);
  const stored = async () => (await store.get(executionId)) ?? expect.unreachable();
  const move = (transition: Omit<StatusTransition, "executionId">) =>
    transitionExecutionStatus(store, { executionId, ...transition });
  return { ...fixture, executionId, stored, move };
}

const PROGRESS: Readonly<Record<LineState, Partial<PurchaseLine>>> = {
  planned: {},
  submitting: { state: "submitting", attempt: 1 },
  in_doubt: { state: "in_doubt", attempt: 1 },
  committed: committed("c-1"),
  rejected: { state: "rejected", rejection: { code: "Denied", message: "no" } },
  skipped: { state: "skipped" },
};

/** An execution in a status that its one line need not prove, as late evidence or a crash can leave it. */
async function leftIn(status: ExecutionStatus, state: LineState) {
  const fixture = await pendingFixture();
  const event = { kind: "transitioned", actor: "test" } as const;
  await fixture.store.commit({ executionId: fixture.executionId, guard: {}, status, event });
  const { version } = await fixture.stored();
  await fixture.store.commit({
    executionId: fixture.executionId,
    guard: { version },
    lines: [{ index: 0, progress: { ...PLANNED, ...PROGRESS[state] } }],
    event,
  });
  return fixture;
}

const refused = (path: string, problem = "") => ({
  code: "INVALID_REQUEST",
  details: { problems: [{ path, problem: expect.stringContaining(problem) }] },
});

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
    const move = transitionExecutionStatus(store, { executionId: "nope", from: ["pending"], to: "paused" });
    await expect(move).rejects.toMatchObject({ code: "EXECUTION_NOT_FOUND" });
  });

  test("hands out no lineage key: not in its result, and not in its errors", async () => {
    const { move, stored } = await pendingFixture();
    const { lineageKey } = await stored();
    const moved = await move({ from: ["pending"], to: "paused" });
    expect(moved).toMatchObject({ status: "paused", lineageId: lineageIdOf(lineageKey) });
    const error = await move({ from: ["pending"], to: "paused" }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ current: { status: "paused", lineageId: lineageIdOf(lineageKey) } });
    expect(JSON.stringify([moved, Reflect.get(Object(error), "current")])).not.toContain(lineageKey);
  });
});

describe("an approval through transitionExecutionStatus", () => {
  test.each(["pending", "notified"] as const)("from %s takes its approver", async (from) => {
    const { move, clock } = await leftIn(from, "planned");
    const moved = await move({ from: [from], to: "approved", ...BY_BOB });
    expect(moved).toMatchObject({ status: "approved", approvedBy: "bob", approvedAt: clock.now() });
  });

  test.each(["approved", "scheduled"] as const)("to %s is refused without an approver", async (to) => {
    const { move, stored, clock } = await pendingFixture();
    const wakeAt = clock.now() + HOUR;
    for (const from of [["pending"], ["notified"], ["pending", "notified"]] as const)
      await expect(move({ from, to, wakeAt })).rejects.toMatchObject(refused("approvedBy", "is required"));
    if (to === "approved")
      await expect(move({ from: ["scheduled", "pending"], to })).rejects.toMatchObject(refused("approvedBy"));
    expect(await stored()).toMatchObject({ status: "pending", version: 1 });
  });

  test.each(["", " ", "\t", "\u00a0", "\u200b", "bob\0", 7, null])("takes %j for no approver", async (approvedBy) => {
    const { move, stored } = await pendingFixture();
    const approval = move({ from: ["pending"], to: "approved", approvedBy: approvedBy as string });
    await expect(approval).rejects.toMatchObject(refused("approvedBy"));
    expect((await stored()).approvedBy).toBeNull();
  });

  test.each(["approved", "scheduled"] as const)(
    "to %s is refused once its time is over, without being asked to",
    async (to) => {
      const { move, stored, clock } = await pendingFixture();
      clock.advance(2 * HOUR);
      const approval = move({ from: ["pending"], to, wakeAt: clock.now() + HOUR, ...BY_BOB });
      await expect(approval).rejects.toMatchObject({ code: "EXECUTION_NOT_IN_EXPECTED_STATUS", moneyMoved: "no" });
      expect(await stored()).toMatchObject({ status: "pending", approvedBy: null, version: 1 });
    },
  );

  test("for a later time counts from then", async () => {
    const { move, clock } = await pendingFixture();
    const wakeAt = clock.now() + 30 * 24 * HOUR;
    expect(await move({ from: ["pending"], to: "scheduled", wakeAt, ...BY_BOB })).toMatchObject({
      status: "scheduled",
      approvedBy: "bob",
      approvedAt: wakeAt,
      wakeAt,
    });
  });

  test("counts from no other time, so that no approval outlives its lifetime", async () => {
    const { move, stored, clock } = await pendingFixture();
    const approvedFrom = clock.now() + 30 * 24 * HOUR;
    for (const part of [{ to: "approved" }, { to: "scheduled", wakeAt: clock.now() + HOUR }] as const)
      await expect(move({ from: ["pending"], ...part, approvedFrom, ...BY_BOB })).rejects.toMatchObject(
        refused("approvedFrom", "due time"),
      );
    expect((await stored()).version).toBe(1);
  });

  test.each([
    ["none", undefined],
    ["null", null],
    ["a span", { inMs: HOUR }],
    ["seconds", 1_770_000_000],
    ["microseconds", 1_770_000_000_000_000],
    ["a text", "2026-03-01"],
    ["not a number", Number.NaN],
  ])("for a later time needs the time: %s is refused", async (_, wakeAt) => {
    const { move, stored } = await pendingFixture();
    const schedule = move({
      from: ["pending"],
      to: "scheduled",
      ...BY_BOB,
      ...(wakeAt !== undefined && { wakeAt: wakeAt as number }),
    });
    await expect(schedule).rejects.toMatchObject(refused("wakeAt", "epoch milliseconds"));
    expect((await stored()).status).toBe("pending");
  });

  test("keeps the stored approver from scheduled, unless another one is stated", async () => {
    for (const [stated, expected] of [
      [{}, "bob"],
      [{ approvedBy: "cleo" }, "cleo"],
    ] as const) {
      const { move, clock } = await pendingFixture();
      await move({ from: ["pending"], to: "scheduled", wakeAt: clock.now() + HOUR, ...BY_BOB });
      expect((await move({ from: ["scheduled"], to: "approved", ...stated })).approvedBy).toBe(expected);
    }
  });
});

describe("a move of transitionExecutionStatus", () => {
  test.each<readonly [object, string, string]>([
    [{ approvedby: "bob" }, "move.approvedby", 'did you mean "approvedBy"?'],
    [{ lease: null }, "move.lease", "is not known"],
    [{ from: [] }, "from", "at least one status"],
    [{ from: "pending" }, "from", "at least one status"],
    [{ from: ["pendign"] }, "from", 'did you mean "pending"?'],
    [{ to: "cancelled" }, "to", 'did you mean "canceled"?'],
    [{ to: undefined }, "to", "is not known"],
    [{ kind: "cancelled" }, "kind", 'did you mean "canceled"?'],
    [{ actor: " " }, "actor", "blank"],
    [{ reason: "no\0" }, "reason", "control characters"],
    [{ reason: 7 }, "reason", "text"],
  ])("is refused with %o", async (change, path, problem) => {
    const { move, stored } = await pendingFixture();
    const moved = move({ from: ["pending"], to: "canceled", ...change } as Omit<StatusTransition, "executionId">);
    await expect(moved).rejects.toMatchObject(refused(path, problem));
    expect((await stored()).version).toBe(1);
  });
});

describe("what the lines have to prove", () => {
  test("is every end status, and each move out of what is under way", async () => {
    const { store, approved } = purchaseFixture(CONTRACT.none);
    const executionId = await approved();
    await transitionExecutionStatus(store, { executionId, from: ["approved"], to: "running" });
    const completing = transitionExecutionStatus(store, { executionId, from: ["running"], to: "completed" });
    await expect(completing).rejects.toMatchObject({
      code: "STATUS_NOT_PROVED_BY_LINES",
      details: { proved: "failed" },
    });
    const failing = await transitionExecutionStatus(store, { executionId, from: ["running"], to: "failed" });
    expect(failing.status).toBe("failed");
  });

  test.each([
    ["running", "in_doubt", "canceled", "maybe"],
    ["running", "committed", "canceled", "yes"],
    ["running", "planned", "canceled", "no"],
    ["running", "submitting", "approved", "maybe"],
    ["running", "committed", "approved", "yes"],
    ["in_doubt", "in_doubt", "canceled", "maybe"],
    ["in_doubt", "in_doubt", "failed", "maybe"],
    ["in_doubt", "committed", "failed", "yes"],
    ["approved", "committed", "canceled", "yes"],
    ["approved", "in_doubt", "canceled", "maybe"],
    ["approved", "committed", "failed", "yes"],
  ] as const)(
    "refuses from %s with a line that is %s to %s, and says of money: %4$s",
    async (from, state, to, moneyMoved) => {
      const { move, stored } = await leftIn(from, state);
      const error = { code: "STATUS_NOT_PROVED_BY_LINES", moneyMoved, current: { lines: [{ state }] } };
      await expect(move({ from: [from], to })).rejects.toMatchObject(error);
      expect((await stored()).status).toBe(from);
    },
  );

  test.each([
    ["running", "skipped", "canceled"],
    ["in_doubt", "skipped", "canceled"],
    ["in_doubt", "rejected", "failed"],
    ["in_doubt", "in_doubt", "running"],
    ["approved", "planned", "canceled"],
    ["approved", "skipped", "canceled"],
    ["pending", "planned", "canceled"],
    ["running", "planned", "approved"],
  ] as const)("allows from %s with a line that is %s to %s", async (from, state, to) => {
    const { move } = await leftIn(from, state);
    expect((await move({ from: [from], to })).status).toBe(to);
  });
});
