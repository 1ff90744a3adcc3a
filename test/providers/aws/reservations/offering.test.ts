import { describe, expect, test } from "vitest";
import {
  currencyOf,
  findOffering,
  type Offering,
  unitPriceOf,
} from "../../../../src/providers/aws/reservations/offering.js";
import { ec2Request } from "../simulated-line.js";

const offering = (id: string | undefined, stated: object = { Size: "large" }): Offering => ({
  id,
  stated,
  unitPrice: { fixed: 1, currency: "USD", recurring: [] },
});
const search = { what: "nodes", wanted: { Size: "large" } };

describe("the offering of a line", () => {
  test("is the one that states exactly what is wanted", () => {
    const listed = [offering("a", { Size: "small" }), offering("b"), offering("c", {})];
    expect(findOffering(listed, search)).toEqual({ id: "b", offering: listed[1] });
  });

  test("is not found among none, and not chosen among several", () => {
    expect(() => findOffering([], search)).toThrow(expect.objectContaining({ code: "OFFERING_NOT_FOUND" }));
    expect(() => findOffering([offering("a"), offering("a")], search)).toThrow(
      expect.objectContaining({ code: "OFFERING_AMBIGUOUS" }),
    );
  });

  test("cannot be bought without an id", () => {
    expect(() => findOffering([offering(undefined)], search)).toThrow("no id");
  });
});

describe("the price of one unit", () => {
  test("is what the offering states", () => {
    const stated = {
      FixedPrice: 10,
      UsagePrice: 0,
      CurrencyCode: "CNY",
      RecurringCharges: [{ RecurringChargeAmount: 0.5, RecurringChargeFrequency: "Hourly" }],
    };
    expect(unitPriceOf(stated, "USD")).toEqual({
      fixed: 10,
      usage: 0,
      currency: "CNY",
      recurring: [{ amount: 0.5, frequency: "Hourly" }],
    });
  });

  test("has the service's currency where none is stated, and else none", () => {
    expect(unitPriceOf({}, "USD")).toMatchObject({ currency: "USD", recurring: [] });
    expect(unitPriceOf({})).toMatchObject({ currency: undefined });
  });

  test.each([
    ["cn-north-1", "CNY"],
    ["cn-northwest-1", "CNY"],
    ["us-east-1", "USD"],
    ["us-gov-west-1", "USD"],
    ["ca-central-1", "USD"],
  ])("in %s is in %s where the service states no currency", (region, currency) => {
    expect(currencyOf(ec2Request({ region }))).toBe(currency);
  });
});
