import { expect, test } from "vitest";
import { whoseName } from "../../../../src/providers/aws/reservations/whose-name.js";
import { order, reservation } from "./sample-reservation.js";

test("a name that nothing has proves nothing", () => {
  expect(whoseName([], order)).toEqual({
    kind: "unknown",
    reason: "the name is taken, and nothing of that name is listed",
  });
});

test("a live reservation as ordered is adopted", () => {
  expect(whoseName([reservation()], order)).toEqual({
    kind: "committed",
    commitment: {
      commitmentIds: ["one"],
      startedAt: 1_000,
      charge: { amount: "200", currency: "USD" },
      adopted: true,
    },
  });
});

test("a live reservation beside a dead one is adopted", () => {
  const outcome = whoseName([reservation({ id: "dead", state: "retired" }), reservation()], order);
  expect(outcome).toMatchObject({ kind: "committed", commitment: { commitmentIds: ["one"] } });
});

test("two live reservations are left in doubt", () => {
  expect(whoseName([reservation(), reservation({ id: "two" })], order)).toEqual({
    kind: "unknown",
    reason: "the name is taken: reservations: expected 1, found 2",
  });
});

test("one that states less than was ordered is left in doubt", () => {
  expect(whoseName([reservation({ stated: { MultiAZ: false } })], order)).toEqual({
    kind: "unknown",
    reason: "the name is taken: Size: expected large, found none",
  });
});

test("dead reservations alone spend the name", () => {
  const dead = [
    reservation({ id: "a", state: "payment-failed" }),
    reservation({ id: "b", state: "retired", quantity: 9 }),
  ];
  expect(whoseName(dead, order)).toEqual({
    kind: "rejected",
    rejection: { code: "NAME_SPENT", message: "The name belongs to a, which is payment-failed, b, which is retired." },
  });
});
