import type { Money } from "../../../domain/money.js";
import { type AzureTerm, addMonths, TERM_MONTHS, wireDate } from "./order-times.js";

/** What an order costs, in hundredths of the billing currency, so that nothing is rounded on the way. */
export interface Quote {
  readonly currency: string;
  readonly totalCents: number;
  /** The equal payments of a monthly plan; absent where everything is due at once. */
  readonly monthly?: { readonly payments: number; readonly cents: number };
}

/** What a quote is made from. */
export interface Priced {
  readonly currency: string;
  readonly term: AzureTerm;
  readonly paidMonthly: boolean;
  /** For the whole term, of everything bought together. */
  readonly cents: number;
}

/** A price as Azure writes it. */
export interface WirePrice {
  readonly currencyCode: string;
  readonly amount: number;
}

/** The currency Azure sets its prices in, and what one unit of any other billing currency is taken to be worth in it. */
const PRICING = { currency: "USD", rate: 1.25 } as const;

/** The quote for a price; what is paid monthly costs a whole number of hundredths each month. */
export function quoteFor({ currency, term, paidMonthly, cents }: Priced): Quote {
  if (!paidMonthly) return { currency, totalCents: cents };
  const payments = TERM_MONTHS[term];
  const each = Math.round(cents / payments);
  return { currency, totalCents: each * payments, monthly: { payments, cents: each } };
}

/** What is due at once. */
export function dueAtOnce({ currency, totalCents, monthly }: Quote): Money {
  return { amount: ((monthly?.cents ?? totalCents) / 100).toFixed(2), currency };
}

/** The whole quote in the billing currency. */
export function billingTotal({ currency, totalCents }: Quote): WirePrice {
  return { currencyCode: currency, amount: totalCents / 100 };
}

/** The whole quote in the currency of the price list. */
export function pricingTotal({ currency, totalCents }: Quote): WirePrice {
  return pricingPrice(currency, totalCents);
}

/** The payments to come; `undefined` where everything is due at once. Only the first has an amount that is billed. */
export function paymentSchedule({ currency, monthly }: Quote, from: number): object[] | undefined {
  if (monthly === undefined) return undefined;
  const { payments, cents } = monthly;
  return Array.from({ length: payments }, (_, month) => ({
    dueDate: wireDate(addMonths(from, month)),
    pricingCurrencyTotal: pricingPrice(currency, cents),
    ...(month === 0 && { billingCurrencyTotal: { currencyCode: currency, amount: cents / 100 } }),
    status: "Scheduled",
  }));
}

/** An amount of the billing currency in the currency of the price list. */
export function pricingPrice(currency: string, cents: number): WirePrice {
  const rate = currency === PRICING.currency ? 1 : PRICING.rate;
  return { currencyCode: PRICING.currency, amount: Math.round(cents * rate) / 100 };
}
