import { expect, test } from "vitest";
import { azureSavingsPlanRecommendations } from "../../../../src/providers/azure/recommendations/azure-savings-plan-recommendations.js";
import { savingsPlanRecommendation } from "../../../../src/providers/azure/recommendations/savings-plan-recommendation.js";
import { toLine } from "../../../../src/recommendations/to-line.js";
import { SUBSCRIPTION, usd } from "../azure-lines.js";
import { recommendingAzure } from "./recommending-azure.js";

test("a recommended savings plan is bought, and recommended no more", async () => {
  const azure = await recommendingAzure();
  await azure.spends(2);
  const source = azureSavingsPlanRecommendations(azure.access);
  const { recommendations } = await azure.collect(source);
  expect(recommendations).toMatchObject([
    {
      source: "azure.savings-plans",
      account: SUBSCRIPTION,
      region: "global",
      term: "1yr",
      payment: "all_upfront",
      lookbackDays: 30,
      subject: { sku: "Compute_Savings_Plan" },
      variant: "single",
      title: "1.5 USD per hour (Compute_Savings_Plan)",
      figures: {
        upfront: usd("13140"),
        monthlySavings: usd("365"),
        onDemandMonthly: usd("1460"),
        savingsPercent: "25",
      },
    },
    { term: "3yr", figures: { upfront: usd("26280"), savingsPercent: "50" } },
  ]);
  const [first] = recommendations;
  if (first === undefined) expect.fail("nothing was recommended");
  const made = toLine(first, { payment: "no_upfront" });
  expect(await azure.buy([made.kind === "line" ? made.line : expect.fail(made.reason)])).toBe("completed");
  expect(await azure.simulator.ledger.purchases()).toMatchObject([{ commitment: "1.5" }]);
  expect(await azure.collect(source)).toEqual({ recommendations: [], failures: [] });
});

test("a plan for the subscription alone is paid monthly where the options say so", async () => {
  const azure = await recommendingAzure({ billingCurrency: "EUR" });
  await azure.spends(1);
  const source = azureSavingsPlanRecommendations({
    ...azure.access,
    scopes: ["single"],
    payment: "no_upfront",
    terms: ["3yr"],
    lookbackDays: [7],
  });
  expect((await azure.collect(source)).recommendations).toMatchObject([
    {
      variant: "single",
      lookbackDays: 7,
      figures: { recurringMonthly: { amount: "365", currency: "EUR" } },
      offer: {
        kind: "line",
        line: {
          hourlyCommitment: "0.5",
          expectedPrice: { amount: "13140", currency: "EUR" },
          scope: { type: "subscription", subscriptionId: SUBSCRIPTION },
        },
        unitPrices: [],
      },
    },
  ]);
});

test("a commitment is rounded down to what the API takes, and one below the least is not sold", () => {
  const asked = {
    account: SUBSCRIPTION,
    scope: "shared",
    lookbackDays: 7,
    payment: "all_upfront",
    term: "1yr",
  } as const;
  const recommended = (commitmentAmount: number, changes: object = {}) =>
    savingsPlanRecommendation(
      {
        kind: "SavingsPlan",
        properties: {
          armSkuName: "Compute_Savings_Plan",
          commitmentGranularity: "Hourly",
          currencyCode: "USD",
          term: "P1Y",
          scope: "Shared",
          lookBackPeriod: "Last7Days",
          recommendationDetails: { commitmentAmount },
          ...changes,
        },
      },
      asked,
    );
  expect(recommended(0.1234567)).toMatchObject({
    offer: { kind: "line", line: { hourlyCommitment: "0.12345" } },
    figures: { upfront: usd("1081.422") },
  });
  expect(Object.keys(recommended(1).figures)).toEqual(["upfront"]);
  expect(recommended(0.0009).offer).toMatchObject({ kind: "not_purchasable" });
  expect(() => recommended(1, { commitmentGranularity: "Daily" })).toThrow("is no savings plan recommendation");
  expect(() => recommended(1, { term: "P3Y" })).toThrow("asked for 1yr");
});
