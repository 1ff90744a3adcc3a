import * as z from "zod/mini";
import { isPositive, type Money, moneySchema } from "../money.js";
import { type AllowOverlap, allowOverlapSchema } from "../need.js";
import { once } from "../once.js";

/** How long the commitment runs: the terms that every cloud sells. */
export const TERMS = ["1yr", "3yr"] as const;
/** One of {@link TERMS}. */
export type Term = (typeof TERMS)[number];

/** {@link TERMS}, and the terms besides that Azure alone sells: a month and five years. */
export const ALL_TERMS = ["1mo", ...TERMS, "5yr"] as const;
/** One of {@link ALL_TERMS}. */
export type AnyTerm = (typeof ALL_TERMS)[number];

/** When the money is due: all of it now, a part now and the rest monthly, or all of it monthly. */
export const PAYMENTS = ["all_upfront", "partial_upfront", "no_upfront"] as const;
/** One of {@link PAYMENTS}. */
export type Payment = (typeof PAYMENTS)[number];

const TERM_HOURS: Readonly<Record<AnyTerm, number>> = { "1mo": 744, "1yr": 8_760, "3yr": 26_280, "5yr": 43_800 };

/**
 * Hours in a term as the clouds bill it: a year is 365 days. A month counts as 31 days, so that it is never taken to
 * be over too early. No price is computed from a month.
 */
export const termHours = (term: AnyTerm): number => TERM_HOURS[term];
/** Seconds in a term, as AWS offerings state their duration. */
export const termSeconds = (term: Term): number => termHours(term) * 3_600;

/** The fields that every commitment request has, for every cloud. */
export interface RequestOfAnyTerm {
  /** The account (AWS), billing subscription (Azure) or project (GCP) that pays. Never taken from ambient credentials. */
  readonly account: string;
  /** Region of the commitment. `"global"` if the cloud sells it without a region. */
  readonly region: string;
  /** How many units; a whole number of at least 1. */
  readonly quantity: number;
  readonly payment: Payment;
  /** The price of the whole line over its whole term: upfront plus recurring charges, times the quantity. */
  readonly expectedPrice: Money;
  /** How far the cloud's real price may lie from `expectedPrice`, in percent of it. Default 1. */
  readonly priceTolerancePercent?: number | undefined;
  /** Lets the line be bought although another basket covers the same need. The reason is audited. */
  readonly allowOverlap?: AllowOverlap | undefined;
}

/** The fields of a request for a commitment that runs for one of the cloud's terms. */
export interface CommonRequest<SoldTerm extends AnyTerm = Term> extends RequestOfAnyTerm {
  readonly term: SoldTerm;
}

// A larger price is a slip of the decimal point. In the weakest currency that a cloud bills in, this is still millions
// of dollars.
const ABSURD_PRICE = 100_000_000_000;

/** Fields of {@link RequestOfAnyTerm} that look alike for every service. */
export const shapeOfAnyTerm = once(() => ({
  quantity: z.int().check(z.gte(1), z.lte(100_000)),
  payment: z.enum(PAYMENTS),
  expectedPrice: moneySchema().check(
    z.refine((price) => isPositive(price.amount), { error: "must be greater than 0", path: ["amount"] }),
    z.refine((price) => Number(price.amount) <= ABSURD_PRICE, {
      error: `must be at most ${ABSURD_PRICE}`,
      path: ["amount"],
    }),
  ),
  priceTolerancePercent: z.optional(z.number().check(z.gte(0), z.lte(20))),
  allowOverlap: z.optional(allowOverlapSchema()),
}));

/** Fields of {@link CommonRequest} that look alike for every service. */
export const commonShape = once(() => ({ ...shapeOfAnyTerm(), term: z.enum(TERMS) }));

/**
 * The tolerance that a line states, else 1 percent. That is enough for rounding, and too little for another price list.
 */
export const priceTolerancePercent = (request: RequestOfAnyTerm): number => request.priceTolerancePercent ?? 1;

/** A 12-digit AWS account id. */
export const awsAccountSchema = once(() =>
  z.string().check(z.regex(/^[0-9]{12}$/, "must be a 12-digit AWS account id")),
);

/** An AWS region name such as `eu-west-1`. */
export const awsRegionSchema = once(() =>
  z.string().check(z.regex(/^[a-z]{2,4}(-[a-z]{2,9}){1,2}-[0-9]$/, 'must be an AWS region such as "eu-west-1"')),
);

/** The fields that every AWS service with regional commitments shares. */
export const awsRegionalShape = once(() => ({
  account: awsAccountSchema(),
  region: awsRegionSchema(),
  ...commonShape(),
}));

/**
 * How long a purchase waits in the queue before it starts, in milliseconds: one hour to three years.
 *
 * An hour is longer than every doubt about the request itself. Three years is the longest time that EC2 and Savings
 * Plans queue a purchase.
 */
export const holdMsSchema = once(() =>
  z
    .int()
    .check(
      z.gte(3_600_000, "must be at least 3600000 (an hour)"),
      z.lte(94_608_000_000, "must be at most 94608000000 (three years)"),
    ),
);
