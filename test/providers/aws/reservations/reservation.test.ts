import { describe, expect, test } from "vitest";
import {
  bought,
  differences,
  existing,
  holderOf,
  identified,
  isAsOrdered,
  isLive,
  type Reservation,
} from "../../../../src/providers/aws/reservations/reservation.js";
import { order, reservation } from "./sample-reservation.js";

const CHARGE = { amount: "200", currency: "USD" };

describe("a reservation", () => {
  test.each(["payment-failed", "retired"])("that is %s is not live", (state) => {
    expect(isLive(reservation({ state }))).toBe(false);
  });

  test.each(["active", "payment-pending", "pending-payment", "exchanging", "queued", "", "Retired", undefined])(
    "that is %s is live",
    (state) => {
      expect(isLive(reservation({ state }))).toBe(true);
    },
  );

  test("has its name, dead or alive; no reservation has none", () => {
    expect(holderOf(reservation())).toEqual({ isLive: true, state: "active" });
    expect(holderOf(reservation({ state: "retired" }))).toEqual({ isLive: false, state: "retired" });
    expect(holderOf(undefined)).toBeUndefined();
  });

  test("without an id is refused", () => {
    expect(identified(reservation())).toEqual(reservation());
    expect(() => identified(reservation({ id: "" }))).toThrow("without an id");
  });
});

describe("what was found for a line", () => {
  test("is one reservation, with its start and its charge", () => {
    expect(existing([reservation()], order)).toEqual({
      commitmentIds: ["one"],
      labeled: true,
      differences: [],
      startedAt: 1_000,
      charge: CHARGE,
    });
  });

  test("is a difference where it is several, whose facts are left out", () => {
    expect(existing([reservation(), reservation({ id: "two", quantity: 1 })], order)).toEqual({
      commitmentIds: ["one", "two"],
      labeled: true,
      differences: ["reservations: expected 1, found 2", "quantity: expected 2, found 1"],
    });
  });

  test("lists everything that differs or is missing", () => {
    const found = reservation({ stated: { MultiAZ: true }, quantity: undefined });
    expect(differences(found, order)).toEqual([
      "Size: expected large, found none",
      "MultiAZ: expected false, found true",
      "quantity: expected 2, found none",
    ]);
  });
});

describe("the answer of a purchase", () => {
  test.each<readonly [string, Partial<Reservation>]>([
    ["states what was ordered", {}],
    ["states none of it", { stated: {}, quantity: undefined, state: undefined }],
    ["states that it waits for its payment", { state: "payment-pending" }],
  ])("is of what was ordered where it %s", (_what, more) => {
    expect(isAsOrdered(reservation(more), order)).toBe(true);
  });

  test.each<readonly [string, Partial<Reservation>]>([
    ["another attribute", { stated: { Size: "small" } }],
    ["another truth value", { stated: { MultiAZ: true } }],
    ["another quantity", { quantity: 1 }],
    ["no quantity at all but 0", { quantity: 0 }],
    ["a failed payment", { state: "payment-failed" }],
  ])("is not where it states %s", (_what, more) => {
    expect(isAsOrdered(reservation(more), order)).toBe(false);
  });

  test("leaves out what it does not say", () => {
    expect(bought(reservation(), order)).toEqual({ commitmentIds: ["one"], startedAt: 1_000, charge: CHARGE });
    expect(bought(reservation({ startedAt: undefined, fixedPrice: undefined }), order)).toEqual({
      commitmentIds: ["one"],
    });
    expect(bought(reservation({ startedAt: 0 }), order)).toMatchObject({ startedAt: 0 });
  });
});
