import { describe, expect, test } from "vitest";
import { EXECUTION_STATUSES } from "../../src/domain/execution-status.js";
import { LINE_STATES } from "../../src/domain/line-state.js";
import {
  CORRECTIONS,
  canLineTransition,
  canTransition,
  isTerminal,
  TRANSITION_MOVERS,
  TRANSITIONS,
} from "../../src/state-machine/transitions.js";

describe("the transition table", () => {
  test("is exactly the protocol's", () => {
    expect(TRANSITIONS).toEqual({
      pending: ["notified", "scheduled", "paused", "approved", "canceled", "expired"],
      notified: ["scheduled", "paused", "approved", "canceled", "expired"],
      scheduled: ["approved", "canceled"],
      paused: ["pending", "canceled"],
      approved: ["running", "failed", "canceled"],
      running: ["approved", "in_doubt", "completed", "partially_completed", "failed", "canceled"],
      in_doubt: ["running", "completed", "partially_completed", "failed", "canceled"],
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

  test("lets a person cancel in every open status", () => {
    const open = EXECUTION_STATUSES.filter((status) => !isTerminal(status));
    for (const status of open)
      expect(TRANSITION_MOVERS[status]).toMatchObject({ canceled: expect.arrayContaining(["person"]) });
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

describe("the table of line states", () => {
  test("lets a commitment that turns up end every state, and nothing but a correction end that", () => {
    for (const state of LINE_STATES) expect(canLineTransition(state, "committed")).toBe(true);
    expect(LINE_STATES.filter((state) => canLineTransition("committed", state))).toEqual(["committed"]);
    expect(CORRECTIONS).toEqual({ committed: ["rejected", "in_doubt"] });
  });

  test("skips what was canceled from every state in which nothing is known to be bought", () => {
    const skippable = LINE_STATES.filter((state) => state !== "skipped" && canLineTransition(state, "skipped"));
    expect(skippable).toEqual(["planned", "submitting", "in_doubt"]);
  });

  test("never sends again what has ended", () => {
    for (const ended of ["committed", "rejected", "skipped"] as const) {
      expect(canLineTransition(ended, "planned")).toBe(false);
      expect(canLineTransition(ended, "submitting")).toBe(false);
    }
  });
});
