import { describe, expect, test } from "vitest";
import { cloudWith, offeringLike, openedIn, restate, sellingOnly } from "./named-cloud.js";
import { NAMED_SERVICES, type NamedRequest } from "./named-services.js";
import { context, TOKEN } from "./simulated-line.js";

describe.each(NAMED_SERVICES)("the price of a $name line", (service) => {
  const { operations, request, offering } = service;

  const priced = (amount: string, currency = "USD") => ({ ...request, expectedPrice: { amount, currency } });
  const moved = (percent: number): NamedRequest =>
    priced((Number(request.expectedPrice.amount) * (1 + percent / 100)).toFixed(2));

  test("is refused outside the tolerance, above and below", async () => {
    const cloud = await cloudWith(service);
    for (const percent of [-2, 2]) {
      const drifted = moved(percent);
      await expect(cloud.prepare({ request: drifted })).rejects.toMatchObject({
        code: "PRICE_DRIFT",
        retryable: false,
        details: { expected: drifted.expectedPrice, actual: request.expectedPrice, tolerancePercent: 1 },
      });
      const tolerant = { ...drifted, priceTolerancePercent: 5 };
      expect(await cloud.prepare({ request: tolerant })).toMatchObject({ price: request.expectedPrice });
    }
  });

  test("is refused in another currency", async () => {
    const cloud = await cloudWith(service);
    const drifted = priced(request.expectedPrice.amount, "EUR");
    await expect(cloud.prepare({ request: drifted })).rejects.toMatchObject({ code: "PRICE_DRIFT" });
  });

  test("is the one of today", async () => {
    const cloud = await cloudWith(service);
    const { reference } = await cloud.prepare();
    await cloud.simulator.offerings.setPrice({ offeringId: reference, fixedPrice: offering.fixedPrice * 1.1 });
    await expect(cloud.prepare()).rejects.toMatchObject({ code: "PRICE_DRIFT" });
  });

  test.each([
    ["1yr", 31_536_000, "526.5"],
    ["3yr", 94_608_000, "1577.7"],
  ] as const)("holds the charges of every hour of %s, exactly", async (term, durationSeconds, total) => {
    // 3 x (0.3 + 0.02 x 8760), where floats would give 526.4999999999999.
    const hourly = { offeringType: "Partial Upfront", fixedPrice: 0.3, hourlyPrice: 0.02, durationSeconds } as const;
    const cloud = await cloudWith(service, sellingOnly(offeringLike(service, hourly)));
    const more = { payment: "partial_upfront", quantity: 3, term, priceTolerancePercent: 0 } as const;
    expect(await cloud.prepare({ request: { ...priced(total), ...more } })).toMatchObject({
      price: { amount: total, currency: "USD" },
      detail: { unitPrice: "0.3" },
    });
  });

  test.each([
    { RecurringChargeFrequency: "Monthly" },
    { RecurringChargeFrequency: undefined },
    { RecurringChargeAmount: undefined },
    { FixedPrice: undefined },
  ])("is not read from an offering that states %o", async (fields) => {
    const cloud = await cloudWith(service);
    restate(cloud.client, operations.offerings, fields);
    await expect(cloud.prepare()).rejects.toMatchObject({ code: "PREPARE_FAILED", retryable: true });
  });
});

describe("the currency", () => {
  const [rds, ...silent] = NAMED_SERVICES;

  test.each(silent)("of $name, which states none, is yuan in China and dollars elsewhere", async (service) => {
    const region = "cn-north-1";
    const china = offeringLike(service, { region });
    const cloud = await cloudWith(service, sellingOnly(china), { region });
    const { amount } = service.request.expectedPrice;
    const priced = (currency: string) => ({ ...service.request, region, expectedPrice: { amount, currency } });
    expect(await cloud.prepare({ request: priced("CNY") })).toMatchObject({ price: { amount, currency: "CNY" } });
    await expect(cloud.prepare({ request: priced("USD") })).rejects.toMatchObject({ code: "PRICE_DRIFT" });
  });

  test("of RDS is the one it states, and is never guessed", async () => {
    if (rds === undefined) throw new Error("RDS is missing");
    const cloud = await cloudWith(rds);
    const yuan = openedIn(cloud, rds);
    restate(yuan.client, rds.operations.offerings, { CurrencyCode: "CNY" });
    await expect(yuan.provider.prepare(rds.request, TOKEN, context())).rejects.toMatchObject({
      code: "PRICE_DRIFT",
      details: { actual: { currency: "CNY" } },
    });
    restate(cloud.client, rds.operations.offerings, { CurrencyCode: undefined });
    await expect(cloud.prepare()).rejects.toMatchObject({ code: "PREPARE_FAILED" });
  });
});

test.each(NAMED_SERVICES.slice(0, 2))(
  "$name: an offering that charges for use besides has no price",
  async (service) => {
    const cloud = await cloudWith(service);
    restate(cloud.client, service.operations.offerings, { UsagePrice: 0.01 });
    await expect(cloud.prepare()).rejects.toMatchObject({
      code: "PREPARE_FAILED",
      message: expect.stringContaining("0.01 per hour of use"),
    });
  },
);
