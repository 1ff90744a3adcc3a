import Big from "big.js";
import * as z from "zod/mini";
import type { AzureSavingsPlansRequest } from "../../../domain/commitment-request/azure-savings-plans.js";
import { termHours } from "../../../domain/commitment-request/common.js";
import { dividedMoney, type Money, timesMoney } from "../../../domain/money.js";
import { once } from "../../../domain/once.js";
import type { Offer, ReportedFigures, ReportedRecommendation } from "../../../domain/recommendation.js";
import { parseAnswer } from "../../parse-answer.js";
import type { AskedRecommendations } from "./source-options.js";
import { checkAnswered, decimalOf } from "./spelled.js";

/** The terms for which Azure recommends savings plans. */
export type PlanTerm = "1yr" | "3yr";

/** What is asked for, and the term. */
export interface AskedPlans extends AskedRecommendations {
  readonly term: PlanTerm;
}

/** How the filter spells the terms. */
export const PLAN_TERMS: Readonly<Record<PlanTerm, string>> = { "1yr": "P1Y", "3yr": "P3Y" };

const itemSchema = once(() =>
  z.object({
    kind: z.literal("SavingsPlan"),
    properties: z.object({
      armSkuName: z.string(),
      commitmentGranularity: z.literal("Hourly"),
      currencyCode: z.string().check(z.regex(/^[A-Z]{3}$/)),
      term: z.string(),
      scope: z.string(),
      subscriptionId: z.nullish(z.string()),
      lookBackPeriod: z.nullish(z.string()),
      totalHours: z.nullish(z.number()),
      costWithoutBenefit: z.nullish(z.number()),
      recommendationDetails: z.object({
        commitmentAmount: z.number(),
        savingsAmount: z.nullish(z.number()),
        savingsPercentage: z.nullish(z.number()),
      }),
    }),
  }),
);

type Properties = z.infer<ReturnType<typeof itemSchema>>["properties"];

/** The least that Azure sells per hour. */
const LEAST = "0.001";
const HOURS_A_MONTH = 730;

/**
 * One recommendation of the benefit recommendations of Microsoft.CostManagement 2025-03-01.
 *
 * Its costs and savings are documented as those of `totalHours` of the look-back, so what they come to a month is known.
 * A plan costs its commitment for each hour of the term. The total is the same upfront and monthly.
 */
export function savingsPlanRecommendation(
  item: Readonly<Record<string, unknown>>,
  asked: AskedPlans,
): ReportedRecommendation {
  const { properties } = parseAnswer(itemSchema(), item, "savings plan recommendation");
  checkAnswered(asked, properties);
  const { account, scope, term, payment, lookbackDays } = asked;
  if (properties.term !== PLAN_TERMS[term]) throw new Error(`asked for ${term}, answered with ${properties.term}`);
  const { armSkuName: sku, currencyCode: currency, recommendationDetails: details } = properties;
  // The API takes five decimals. A smaller commitment costs less than what is recommended.
  const hourly: Money = { amount: new Big(details.commitmentAmount).round(5, Big.roundDown).toFixed(), currency };
  const place = { service: "azure.savings-plans", account, region: "global", term, payment } as const;
  const line: AzureSavingsPlansRequest = {
    ...place,
    quantity: 1,
    hourlyCommitment: hourly.amount,
    expectedPrice: timesMoney(hourly, termHours(term)),
    scope: scope === "shared" ? { type: "shared" } : { type: "subscription", subscriptionId: account },
    sku,
  };
  return {
    ...place,
    lookbackDays,
    subject: { sku },
    variant: scope,
    title: `${hourly.amount} ${currency} per hour (${sku})`,
    offer: offerOf(line),
    figures: { ...priceFigures(line), ...usageFigures(properties) },
    generatedAt: null,
    evidence: item,
  };
}

function offerOf(line: AzureSavingsPlansRequest): Offer {
  if (new Big(line.hourlyCommitment).gte(LEAST)) return { kind: "line", line, unitPrices: [] };
  return { kind: "not_purchasable", reason: `Azure sells no savings plan for less than ${LEAST} per hour.` };
}

function priceFigures({ payment, expectedPrice, term }: AzureSavingsPlansRequest): ReportedFigures {
  if (payment === "all_upfront") return { upfront: expectedPrice };
  return { recurringMonthly: dividedMoney(expectedPrice, termHours(term) / HOURS_A_MONTH) };
}

function usageFigures({ totalHours, costWithoutBenefit, currencyCode, recommendationDetails }: Properties) {
  const { savingsAmount, savingsPercentage } = recommendationDetails;
  const monthly = (amount: number | null | undefined): Money | undefined => {
    if (!totalHours || totalHours < 0 || typeof amount !== "number" || amount < 0) return undefined;
    const money = { amount: new Big(amount).toFixed(), currency: currencyCode };
    return dividedMoney(timesMoney(money, HOURS_A_MONTH), totalHours);
  };
  const [monthlySavings, onDemandMonthly] = [monthly(savingsAmount), monthly(costWithoutBenefit)];
  const savingsPercent = typeof savingsPercentage === "number" ? decimalOf(savingsPercentage, 4) : undefined;
  return {
    ...(monthlySavings && { monthlySavings }),
    ...(onDemandMonthly && { onDemandMonthly }),
    ...(savingsPercent !== undefined && { savingsPercent }),
  };
}
