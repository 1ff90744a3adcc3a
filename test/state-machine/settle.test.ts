import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LINE_STATES, type LineState } from "../../src/domain/line-state.js";
import { settle } from "../../src/state-machine/settle.js";

const lines = (...states: LineState[]) => states.map((state) => ({ state }));

describe("settle", () => {
  test.each([
    [["committed", "submitting"], "in_doubt"],
    [["rejected", "in_doubt"], "in_doubt"],
    [["committed", "committed"], "completed"],
    [["committed", "skipped"], "completed"],
    [["committed", "rejected"], "partially_completed"],
    [["committed", "planned"], "partially_completed"],
    [["rejected", "rejected"], "failed"],
    [["planned"], "failed"],
    [["skipped"], "canceled"],
    [["skipped", "skipped"], "canceled"],
    [["skipped", "planned"], "failed"],
    [["skipped", "rejected"], "failed"],
    [["skipped", "in_doubt"], "in_doubt"],
    [["skipped", "rejected", "committed"], "partially_completed"],
  ] as const)("of %j is %s", (states, status) => {
    expect(settle(lines(...states))).toBe(status);
  });

  test("refuses an execution without lines", () => {
    expect(() => settle([])).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
  });

  test("says failed or canceled exactly where nothing is and nothing may be bought", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LINE_STATES), { minLength: 1 }), (states) => {
        const maybe = states.some((state) => state === "committed" || state === "submitting" || state === "in_doubt");
        expect(["failed", "canceled"].includes(settle(lines(...states)))).toBe(!maybe);
      }),
    );
  });
});
