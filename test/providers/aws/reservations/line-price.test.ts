import { describe, expect, test } from "vitest";
import { linePrice, type UnitPrice } from "../../../../src/providers/aws/line-price.js";
import { ec2Request } from "../simulated-line.js";

const hourly = (amount: number | undefined, frequency: string | undefined = "Hourly") => ({ amount, frequency });
const priced = (more: Partial<UnitPrice> = {}): UnitPrice => ({ fixed: 0, recurring: [], currency: "USD", ...more });
const three = ec2Request({ quantity: 3 });

describe("the price of a line", () => {
  test("is all that is paid, at once and by the hour, for every unit", () => {
    const price = linePrice(priced({ fixed: 0.1, recurring: [hourly(0.01), hourly(0.02)] }), three);
    expect(price).toEqual({
      total: { amount: "788.7", currency: "USD" },
      upfront: { amount: "0.3", currency: "USD" },
    });
  });

  test("takes three years for the hours of three years", () => {
    const request = ec2Request({ quantity: 1, term: "3yr" });
    expect(linePrice(priced({ recurring: [hourly(1)] }), request).total.amount).toBe("26280");
  });

  test("takes a price as text, and one of nothing", () => {
    expect(linePrice(priced({ fixed: "0.1" }), three).total.amount).toBe("0.3");
    expect(linePrice(priced({ usage: 0 }), three).total.amount).toBe("0");
  });

  test.each<readonly [string, Partial<UnitPrice>]>([
    ["no price", { fixed: undefined }],
    ["no currency", { currency: undefined }],
    ["a price for use", { usage: 0.01 }],
    ["a charge by the month", { recurring: [hourly(1, "Monthly")] }],
    ["a charge by nothing", { recurring: [{ amount: 1, frequency: undefined }] }],
    ["a charge of nothing known", { recurring: [hourly(undefined)] }],
    ["a charge by the month beside one by the hour", { recurring: [hourly(1), hourly(1, "Monthly")] }],
    ["a price that is no number", { fixed: Number.NaN }],
  ])("is not read where the offering states %s", (_what, more) => {
    expect(() => linePrice(priced(more), three)).toThrow();
  });
});
