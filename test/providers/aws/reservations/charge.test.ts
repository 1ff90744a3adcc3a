import { describe, expect, test } from "vitest";
import { chargeOf, type StatedCharge } from "../../../../src/providers/aws/charge.js";

/** A commitment of three in dollars, whose offering's price was 0.1 for one. */
const stated = (more: Partial<StatedCharge> = {}): StatedCharge => ({
  fixedPrice: 0.1,
  currency: "USD",
  quantity: 3,
  prepared: { reference: "offering", detail: { unitPrice: "0.1" } },
  ...more,
});
const unitPrice = (price: unknown) => ({ prepared: { reference: "offering", detail: { unitPrice: price } } });

describe("the charge of a commitment", () => {
  test.each<readonly [string, Partial<StatedCharge>, string]>([
    ["the price of one, times the quantity", {}, "0.3"],
    ["the price of all", { fixedPrice: 0.3 }, "0.3"],
    ["the price of one, however the offering's is written", unitPrice("0.10"), "0.3"],
    ["the price of one where both are tiny", { fixedPrice: 1e-7, ...unitPrice("1e-7") }, "0.0000003"],
    ["nothing", { fixedPrice: 0, prepared: undefined }, "0"],
    ["what is stated for a single one", { quantity: 1, fixedPrice: 7, prepared: undefined }, "7"],
    ["what is stated for a single one, not what was offered", { quantity: 1, fixedPrice: 7 }, "7"],
  ])("is %s", (_what, more, amount) => {
    expect(chargeOf(stated(more))).toEqual({ amount, currency: "USD" });
  });

  test.each<readonly [string, Partial<StatedCharge>]>([
    ["the price is missing", { fixedPrice: undefined }],
    ["the currency is missing", { currency: undefined }],
    ["the quantity is missing", { quantity: undefined }],
    ["the quantity is missing and the price is 0", { quantity: undefined, fixedPrice: 0 }],
    ["the price is neither of one nor of all", { fixedPrice: 0.2 }],
    ["nothing was prepared", { prepared: undefined }],
    ["the preparation kept no price", { prepared: { reference: "offering" } }],
    ["the preparation kept the price as a number", unitPrice(0.1)],
    ["the offering was free and this is not", unitPrice("0")],
    ["the price is not a number", { fixedPrice: Number.NaN, quantity: 1 }],
    ["the price is endless", { fixedPrice: Number.POSITIVE_INFINITY, quantity: 1 }],
    ["the price is negative", { fixedPrice: -1, quantity: 1 }],
  ])("is unknown where %s", (_what, more) => {
    expect(chargeOf(stated(more))).toBeUndefined();
  });
});
