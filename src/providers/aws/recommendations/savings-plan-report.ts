import type {
  SavingsPlansPurchaseRecommendationDetail,
  SavingsPlansPurchaseRecommendationMetadata,
} from "@aws-sdk/client-cost-explorer";
import Big from "big.js";
import { type Payment, termHours } from "../../../domain/commitment-request/common.js";
import { type Money, timesMoney } from "../../../domain/money.js";
import type { Offer, ReportedRecommendation } from "../../../domain/recommendation.js";
import type { Combination } from "./combination.js";
import { purchasable } from "./purchasable.js";
import type { GenerationStart } from "./recommendation-generation.js";
import { regionCode } from "./region-code.js";
import { known, statedAmount, statedDecimal, statedTime } from "./reported-amounts.js";
import { whoseRecommendation } from "./whose-recommendation.js";

/** The plan types, in the words of Savings Plans. */
export type RecommendedPlanType = "Compute" | "EC2Instance" | "SageMaker" | "Database";

/** What was asked. */
export interface PlanQuestion {
  readonly account: string;
  readonly planType: RecommendedPlanType;
  readonly combination: Combination;
}

/** One detail of an answer, with what stands around it. */
export interface PlanDetail {
  readonly detail: SavingsPlansPurchaseRecommendationDetail;
  readonly metadata: SavingsPlansPurchaseRecommendationMetadata | undefined;
}

/** A recommended Savings Plan in the shape that all clouds share. `generation` is what was started for newer data. */
export function savingsPlanReport(
  { detail, metadata }: PlanDetail,
  { account: asked, planType, combination }: PlanQuestion,
  generation: GenerationStart | undefined,
): ReportedRecommendation {
  const { term, payment, lookbackDays, accountScope } = combination;
  const { Region = "", InstanceFamily } = detail.SavingsPlansDetails ?? {};
  const { account, problem } = whoseRecommendation(detail.AccountId, asked);
  // Plans of all other types belong to no region.
  const isRegional = planType === "EC2Instance";
  const region = isRegional ? regionCode(Region) : "global";
  const family = isRegional ? known({ instanceFamily: InstanceFamily }) : {};
  const place = isRegional ? ` ${InstanceFamily ?? ""} in ${Region}` : "";
  const { HourlyCommitmentToPurchase: hourly, CurrencyCode: currency } = detail;
  const amount = hourly === undefined ? "" : `${hourly} ${currency ?? ""} an hour: `;
  return {
    service: "aws.savings-plans",
    account,
    region: region ?? (Region || "unknown"),
    ...{ term, payment, lookbackDays },
    subject: { planType, ...family },
    variant: accountScope,
    title: `${amount}${planType} Savings Plan${place}`,
    offer: problem === undefined ? offerOf() : { kind: "not_purchasable", reason: problem },
    figures: known({
      upfront: statedAmount(detail.UpfrontCost, currency),
      monthlySavings: statedAmount(detail.EstimatedMonthlySavingsAmount, currency),
      savingsPercent: statedDecimal(detail.EstimatedSavingsPercentage),
    }),
    generatedAt: statedTime(metadata?.GenerationTimestamp) ?? null,
    evidence: known({ RecommendationDetail: detail, Metadata: metadata, generation }),
  };

  function offerOf(): Offer {
    const commitment = commitmentOf(hourly, currency);
    if (region === undefined)
      return { kind: "not_purchasable", reason: `it is not known which region is meant by "${Region}"` };
    if (commitment === undefined)
      return { kind: "not_purchasable", reason: `Cost Explorer recommends no amount per hour, but "${hourly ?? ""}"` };
    const expectedPrice = timesMoney(commitment, termHours(term));
    const line = {
      service: "aws.savings-plans",
      ...{ account, region, quantity: 1, term, payment, expectedPrice, planType },
      hourlyCommitment: commitment.amount,
      ...family,
      ...upfrontOf(detail.UpfrontCost, payment, expectedPrice),
    };
    return purchasable(line, []);
  }
}

/** The amount per hour, of the five digits after the point that a plan can have: never more than is recommended. */
function commitmentOf(stated: string | undefined, currency: string | undefined): Money | undefined {
  const amount = statedAmount(stated, currency);
  return amount && { ...amount, amount: new Big(amount.amount).round(5, Big.roundDown).toFixed() };
}

/**
 * The amount due at once for a plan that is paid partly upfront, in whole units: as stated, else half of all.
 *
 * It must be from 50 to 99 % of the whole (`CreateSavingsPlan`). What is stated is rounded up, because the half of an odd
 * amount would be too little.
 */
function upfrontOf(stated: string | undefined, payment: Payment, { amount }: Money): { upfrontAmount?: string } {
  if (payment !== "partial_upfront") return {};
  const total = new Big(amount);
  const half = total.div(2).round(0, Big.roundUp);
  const whole = new Big(statedDecimal(stated) ?? "0").round(0, Big.roundUp);
  const fits = whole.gte(half) && whole.lte(total.times("0.99"));
  return { upfrontAmount: (fits ? whole : half).toFixed() };
}
