import { describe, expect, test } from "vitest";
import { RDS_STATES } from "../../../../src/providers/aws/aws-states.js";
import {
  bought,
  differences,
  existing,
  holderOf,
  identified,
  isAsOrdered,
  type Reservation,
  sighted,
} from "../../../../src/providers/aws/reservations/reservation.js";
import { order, reservation, seen } from "./sample-reservation.js";

const CHARGE = { amount: "200", currency: "USD" };

const YEAR_MS = 31_536_000_000;
const DAY_MS = 86_400_000;

describe("a reservation", () => {
  const meaning = (state: string | undefined, now = 1_000, more: Partial<Reservation> = {}) =>
    sighted(reservation({ state, ...more }), { states: RDS_STATES, now }).sighting.meaning;

  test.each([
    ["payment-failed", "void"],
    ["Payment-Failed", "void"],
    ["active", "live"],
    ["payment-pending", "live"],
    ["being-invented", "live"],
    ["", "live"],
    [undefined, "live"],
    ["retired", "unclear"],
    ["Retired", "unclear"],
  ])("that is %s just after its purchase is %s", (state, expected) => {
    expect(meaning(state)).toBe(expected);
  });

  test("that is retired has ended once its term is over, and not before", () => {
    expect(meaning("retired", YEAR_MS - 2 * DAY_MS)).toBe("unclear");
    expect(meaning("retired", YEAR_MS + DAY_MS)).toBe("ended");
  });

  test.each(["startedAt", "durationSeconds"] as const)(
    "that is retired and states no %s is unclear for ever",
    (name) => {
      expect(meaning("retired", 9 * YEAR_MS, { [name]: undefined })).toBe("unclear");
    },
  );

  test("that is retired and states that it ended early is unclear for ever", () => {
    expect(meaning("retired", 9 * YEAR_MS, { endsAt: 5 * DAY_MS })).toBe("unclear");
    expect(meaning("retired", 9 * YEAR_MS, { endsAt: YEAR_MS })).toBe("ended");
  });

  test("that is retired and states its end alone has ended after that", () => {
    const endOnly = { startedAt: undefined, endsAt: YEAR_MS };
    expect(meaning("retired", YEAR_MS - 2 * DAY_MS, endOnly)).toBe("unclear");
    expect(meaning("retired", YEAR_MS, endOnly)).toBe("ended");
  });

  test("that is retired has ended where the service says what became of it", () => {
    const question = { states: RDS_STATES, now: 1_000, became: "exchanged" };
    expect(sighted(reservation({ state: "retired" }), question).sighting).toEqual({
      meaning: "ended",
      state: "retired",
      became: "exchanged",
    });
  });

  test("has its name unless nothing is owed for it; no reservation has none", () => {
    expect(holderOf(seen())).toEqual({ isLive: true, state: "active" });
    expect(holderOf(seen({ state: "retired" }))).toEqual({ isLive: true, state: "retired" });
    expect(holderOf(seen({ state: "payment-failed" }))).toEqual({ isLive: false, state: "payment-failed" });
    expect(holderOf(undefined)).toBeUndefined();
  });

  test("without an id is refused", () => {
    expect(identified(reservation())).toEqual(reservation());
    expect(() => identified(reservation({ id: "" }))).toThrow("without an id");
  });
});

describe("what was found for a line", () => {
  test("is one reservation, with its start and its charge", () => {
    expect(existing([seen()], order)).toEqual({
      commitmentIds: ["one"],
      labeled: true,
      sighting: { meaning: "live", state: "active" },
      differences: [],
      startedAt: 1_000,
      charge: CHARGE,
    });
  });

  test("is a difference where it is several, whose facts are left out", () => {
    expect(existing([seen(), seen({ id: "two", quantity: 1 })], order)).toEqual({
      commitmentIds: ["one", "two"],
      labeled: true,
      sighting: { meaning: "live", state: "active" },
      differences: ["reservations: expected 1, found 2", "quantity: expected 2, found 1"],
    });
  });

  test("says what its state means, whatever it is", () => {
    expect(existing([seen({ state: "payment-failed" })], order).sighting).toEqual({
      meaning: "void",
      state: "payment-failed",
    });
  });

  test("lists everything that differs, and nothing that is left out: the name says whose it is", () => {
    const found = reservation({ stated: { MultiAZ: true }, quantity: undefined });
    expect(differences(found, order)).toEqual(["MultiAZ: expected false, found true"]);
    expect(differences(reservation({ quantity: 3 }), order)).toEqual(["quantity: expected 2, found 3"]);
  });
});

describe("the answer of a purchase", () => {
  test.each<readonly [string, Partial<Reservation>]>([
    ["states what was ordered", {}],
    ["states none of it", { stated: {}, quantity: undefined, state: undefined }],
    ["states that it waits for its payment", { state: "payment-pending" }],
    ["states that its payment failed", { state: "payment-failed" }],
  ])("is of what was ordered where it %s", (_what, more) => {
    expect(isAsOrdered(reservation(more), order)).toBe(true);
  });

  test.each<readonly [string, Partial<Reservation>]>([
    ["another attribute", { stated: { Size: "small" } }],
    ["another truth value", { stated: { MultiAZ: true } }],
    ["another quantity", { quantity: 1 }],
    ["no quantity at all but 0", { quantity: 0 }],
  ])("is not where it states %s", (_what, more) => {
    expect(isAsOrdered(reservation(more), order)).toBe(false);
  });

  test("says what its state means, and leaves out what it does not say", () => {
    const sighting = { meaning: "live", state: "active" };
    expect(bought(seen(), order)).toEqual({
      commitment: { commitmentIds: ["one"], startedAt: 1_000, charge: CHARGE },
      sighting,
    });
    expect(bought(seen({ startedAt: undefined, fixedPrice: undefined }), order)).toEqual({
      commitment: { commitmentIds: ["one"] },
      sighting,
    });
    expect(bought(seen({ startedAt: 0 }), order)).toMatchObject({ commitment: { startedAt: 0 } });
    expect(bought(seen({ state: "payment-failed" }), order)).toMatchObject({ sighting: { meaning: "void" } });
  });
});
