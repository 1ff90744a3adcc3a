import { expect, test } from "vitest";
import { whoseName } from "../../../../src/providers/aws/reservations/whose-name.js";
import { order, seen } from "./sample-reservation.js";

const COMMITMENT = {
  commitmentIds: ["one"],
  startedAt: 1_000,
  charge: { amount: "200", currency: "USD" },
  adopted: true,
};

test("a name that nothing has proves nothing", () => {
  expect(whoseName([], order)).toEqual({
    kind: "unknown",
    reason: "the name is taken, and nothing of that name is listed",
  });
});

test.each([
  ["active", "live"],
  ["payment-failed", "void"],
  ["retired", "unclear"],
])("a reservation as ordered that is %s is the line's, and the engine decides what that means", (state, meaning) => {
  expect(whoseName([seen({ state })], order)).toEqual({
    kind: "committed",
    commitment: COMMITMENT,
    sighting: { meaning, state },
  });
});

test("one that is owed beside one that is not is the line's", () => {
  const outcome = whoseName([seen({ id: "unpaid", state: "payment-failed" }), seen()], order);
  expect(outcome).toMatchObject({ kind: "committed", commitment: { commitmentIds: ["one"] } });
});

test("two that are owed are left in doubt", () => {
  for (const state of ["active", "retired"])
    expect(whoseName([seen(), seen({ id: "two", state })], order)).toEqual({
      kind: "unknown",
      reason: "the name is taken: reservations: expected 1, found 2",
    });
});

test("one that states something else is left in doubt", () => {
  expect(whoseName([seen({ stated: { Size: "small", MultiAZ: false } })], order)).toEqual({
    kind: "unknown",
    reason: "the name is taken: Size: expected large, found small",
  });
});

test("one that states less than was ordered is the line's, whose name nobody else can have chosen", () => {
  expect(whoseName([seen({ stated: { MultiAZ: false } })], order)).toMatchObject({ commitment: COMMITMENT });
});
