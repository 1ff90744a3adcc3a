import type {
  ReservationPurchaseRecommendation,
  ReservationPurchaseRecommendationDetail,
  ReservationPurchaseRecommendationMetadata,
} from "@aws-sdk/client-cost-explorer";
import type { Term } from "../../../domain/commitment-request/common.js";
import { dividedMoney, isPositive, type Money, sumMoney, timesMoney } from "../../../domain/money.js";
import type { Offer, ReportedRecommendation } from "../../../domain/recommendation.js";
import { type Combination, monthsIn } from "./combination.js";
import { purchasable } from "./purchasable.js";
import { regionCode } from "./region-code.js";
import { known, statedAmount, statedCount, statedDecimal, statedTime } from "./reported-amounts.js";
import {
  RECOMMENDED_SERVICES,
  type RecommendedServiceName,
  type Reservable,
  type ReservableFields,
  type ReservableSettings,
} from "./reservable.js";
import { whoseRecommendation } from "./whose-recommendation.js";

/** One detail of an answer, with what stands around it. */
export interface ReservationDetail {
  readonly detail: ReservationPurchaseRecommendationDetail;
  readonly recommendation: ReservationPurchaseRecommendation;
  readonly metadata: ReservationPurchaseRecommendationMetadata | undefined;
}

/** What was asked. */
export interface ReservationQuestion {
  readonly account: string;
  readonly service: RecommendedServiceName;
  readonly combination: Combination;
  readonly settings: ReservableSettings;
}

/**
 * A recommended reservation in the shape that all clouds share.
 *
 * Throws if the details of the service are missing. What is there and cannot be bought comes with the reason.
 */
export function reservationReport(found: ReservationDetail, question: ReservationQuestion): ReportedRecommendation {
  const { detail, recommendation, metadata } = found;
  const { service, combination, settings } = question;
  const { term, payment, lookbackDays, accountScope } = combination;
  const reservable = reservableIn(detail, question);
  const { account, problem } = whoseRecommendation(detail.AccountId, question.account);
  const region = regionCode(reservable.region ?? "");
  const count = statedCount(reservable.count);
  return {
    service,
    account,
    region: region ?? (reservable.region || "unknown"),
    ...{ term, payment, lookbackDays },
    subject: reservable.subject,
    variant: service === "aws.ec2" ? `${accountScope} ${settings.offeringClass}` : accountScope,
    title: count === undefined ? reservable.what : `${count} x ${reservable.what}`,
    offer: problem === undefined ? offerOf() : { kind: "not_purchasable", reason: problem },
    figures: figuresOf(detail),
    generatedAt: statedTime(metadata?.GenerationTimestamp) ?? null,
    evidence: known({
      RecommendationDetail: detail,
      ServiceSpecification: recommendation.ServiceSpecification,
      Metadata: metadata,
    }),
  };

  function offerOf(): Offer {
    const reason = problemOf(reservable, region, count);
    if (reason !== undefined) return { kind: "not_purchasable", reason };
    const price = priceOf(detail, term);
    const line = {
      ...(reservable.fields as ReservableFields),
      ...{ account, region, quantity: count, term, payment },
      ...(price !== undefined && { expectedPrice: price }),
    };
    const unitPrices =
      price === undefined || count === undefined ? [] : [{ term, payment, price: dividedMoney(price, count) }];
    return purchasable(line, unitPrices);
  }
}

function reservableIn(
  detail: ReservationPurchaseRecommendationDetail,
  { service, settings }: ReservationQuestion,
): Reservable {
  const reservable = RECOMMENDED_SERVICES[service].read(detail, settings);
  if (reservable === undefined) throw new Error(`Cost Explorer recommended ${service} without its details`);
  return reservable;
}

function problemOf(
  { fields, region: stated, count: statedAs }: Reservable,
  region: string | undefined,
  count: number | undefined,
): string | undefined {
  if (typeof fields === "string") return fields;
  if (region === undefined) return `it is not known which region is meant by "${stated ?? ""}"`;
  return count === undefined ? `Cost Explorer recommends no whole number, but "${statedAs ?? ""}"` : undefined;
}

/**
 * What the whole line costs over its term: upfront, and what recurs each month. `undefined` unless both are stated.
 *
 * The model says "how much purchasing this instance costs you", not whether of one or of all. It is read as the price of
 * all, like the savings. If that is wrong, the adapter finds another price at AWS and buys nothing.
 */
function priceOf(detail: ReservationPurchaseRecommendationDetail, term: Term): Money | undefined {
  const { upfront, recurringMonthly } = figuresOf(detail);
  const recurring = recurringMonthly && timesMoney(recurringMonthly, monthsIn(term));
  const price = sumMoney([upfront, recurring]);
  return price !== undefined && isPositive(price.amount) ? price : undefined;
}

/** The figures that Cost Explorer states. */
function figuresOf(detail: ReservationPurchaseRecommendationDetail): ReportedRecommendation["figures"] {
  const { CurrencyCode: currency } = detail;
  return known({
    upfront: statedAmount(detail.UpfrontCost, currency),
    recurringMonthly: statedAmount(detail.RecurringStandardMonthlyCost, currency),
    monthlySavings: statedAmount(detail.EstimatedMonthlySavingsAmount, currency),
    savingsPercent: statedDecimal(detail.EstimatedMonthlySavingsPercentage),
    onDemandMonthly: statedAmount(detail.EstimatedMonthlyOnDemandCost, currency),
    breakEvenMonths: statedDecimal(detail.EstimatedBreakEvenInMonths),
  });
}
