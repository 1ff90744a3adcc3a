import Big from "big.js";
import * as z from "zod/mini";
import { once } from "./once.js";

/** An amount as a plain decimal string ("1234.50000"), never a float, in an ISO 4217 currency. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

const DECIMAL = /^(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?$/;

/** A non-negative decimal string of at most 18 digits before and 12 after the point. */
export const decimalSchema = once(() =>
  z.string().check(
    z.regex(DECIMAL, {
      error: 'must be a plain non-negative decimal string such as "1234.50", without sign, exponent or separators',
      // The functions that compare amounts throw for any other text.
      abort: true,
    }),
  ),
);

/** An amount of money, 0 included. */
export const moneySchema = once(
  (): z.ZodMiniType<Money> =>
    z.strictObject({
      amount: decimalSchema(),
      currency: z.string().check(z.regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as "USD"')),
    }),
);

/** An amount times a number or decimal string. */
export const timesMoney = (money: Money, factor: number | string): Money => ({
  amount: new Big(money.amount).times(factor).toFixed(),
  currency: money.currency,
});

/** One of `parts` equal parts of an amount, to six decimals. */
export const dividedMoney = (money: Money, parts: number): Money => ({
  amount: new Big(money.amount).div(parts).round(6, Big.roundHalfUp).toFixed(),
  currency: money.currency,
});

/** The sum of several amounts. `undefined` if there is none, if one of them is unknown, or if the currencies differ. */
export function sumMoney(amounts: readonly (Money | undefined)[]): Money | undefined {
  const known = amounts.flatMap((money) => money ?? []);
  const [first] = known;
  if (first === undefined || known.length < amounts.length) return undefined;
  if (known.some(({ currency }) => currency !== first.currency)) return undefined;
  const amount = known.reduce((sum, money) => sum.plus(money.amount), new Big(0));
  return { amount: amount.toFixed(), currency: first.currency };
}

/** Whether a decimal string is greater than zero. */
export const isPositive = (amount: string): boolean => new Big(amount).gt(0);

/** An amount raised by `percent`, rounded up to cents: the highest acceptable price. */
export const withTolerance = (money: Money, percent: number): Money => ({
  amount: new Big(money.amount).times(new Big(100).plus(percent)).div(100).round(2, Big.roundUp).toFixed(2),
  currency: money.currency,
});

/** Whether `actual` is within `percent` of `expected` on either side, in the same currency. */
export function isWithinTolerance(actual: Money, expected: Money, percent: number): boolean {
  if (actual.currency !== expected.currency) return false;
  const allowed = new Big(expected.amount).times(percent).div(100);
  return new Big(actual.amount).minus(expected.amount).abs().lte(allowed);
}
