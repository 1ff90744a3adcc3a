import { describe, expect, test } from "vitest";
import { EXECUTION_STATUSES } from "../../src/domain/execution-status.js";
import { canTransition, isTerminal, TRANSITIONS } from "../../src/state-machine/transitions.js";

describe("the transition table", () => {
  test("is exactly the protocol's", () => {
    expect(TRANSITIONS).toEqual({
      pending: ["notified", "scheduled", "paused", "approved", "canceled", "expired"],
      notified: ["scheduled", "paused", "approved", "canceled", "expired"],
      scheduled: ["approved", "canceled"],
      paused: ["pending", "canceled"],
      approved: ["running", "failed", "canceled"],
      running: ["approved", "in_doubt", "completed", "partially_completed", "failed"],
      in_doubt: ["running", "completed", "partially_completed", "failed"],
      completed: [],
      partially_completed: ["completed"],
      failed: ["completed", "partially_completed"],
      canceled: [],
      expired: [],
    });
  });

  test("lets nothing go from running to paused, and nothing stay by transition", () => {
    expect(canTransition("running", "paused")).toBe(false);
    for (const status of EXECUTION_STATUSES) expect(canTransition(status, status)).toBe(false);
  });

  test("ends where only late evidence can move on", () => {
    const ended = EXECUTION_STATUSES.filter(isTerminal);
    expect(ended).toEqual(["completed", "partially_completed", "failed", "canceled", "expired"]);
  });

  test("reaches every status from pending", () => {
    const reached = new Set<string>(["pending"]);
    for (const status of reached) for (const next of TRANSITIONS[status as keyof typeof TRANSITIONS]) reached.add(next);
    expect([...reached].sort()).toEqual([...EXECUTION_STATUSES].sort());
  });

  test("cannot be changed by a consumer", () => {
    expect(() => Object.assign(TRANSITIONS, { completed: ["pending"] })).toThrow(TypeError);
    expect(() => (TRANSITIONS.pending as string[]).push("completed")).toThrow(TypeError);
  });
});
