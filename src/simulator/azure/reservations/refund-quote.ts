import { addMonths, TERM_MONTHS } from "../orders/order-times.js";
import { benefitTimes } from "../orders/placed-order.js";
import type { ReservationOrder } from "./reservation-order.js";

/** What a return of some units gives back, in hundredths of the billing currency. */
export interface RefundQuote {
  readonly quantity: number;
  readonly refundCents: number;
  readonly paidCents: number;
  /** The part of the price that the time since the start of the benefit has used up. */
  readonly proratedCents: number;
  /** What would still have to be paid. */
  readonly remainingCents: number;
  readonly completedTransactions: number;
  readonly totalTransactions: number;
}

/** The refund as of `moment`: what was paid, less the part that is used up; never less than nothing. */
export function refundQuote(order: ReservationOrder, quantity: number, moment: number): RefundQuote {
  const { quote, body } = order.request;
  const share = quantity / body.properties.quantity;
  const { startsAt, endsAt } = benefitTimes(order, moment) ?? { startsAt: moment, endsAt: moment + 1 };
  const totalTransactions = quote.monthly === undefined ? 1 : quote.monthly.payments;
  const completedTransactions = quote.monthly === undefined ? 1 : paymentsBy(order, startsAt, moment);
  const total = quote.totalCents * share;
  const paidCents = Math.round((total * completedTransactions) / totalTransactions);
  const proratedCents = Math.min(paidCents, Math.round((total * (moment - startsAt)) / (endsAt - startsAt)));
  return {
    quantity,
    refundCents: paidCents - proratedCents,
    paidCents,
    proratedCents,
    remainingCents: Math.round(total) - paidCents,
    completedTransactions,
    totalTransactions,
  };
}

/** The first payment is due at the start, each other one a month later. */
function paymentsBy({ term }: ReservationOrder, startsAt: number, moment: number): number {
  const months = Array.from({ length: TERM_MONTHS[term] }, (_, month) => month);
  return months.filter((month) => addMonths(startsAt, month) <= moment).length;
}
