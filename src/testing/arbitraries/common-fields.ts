import Big from "big.js";
import { type CommonRequest, PAYMENTS, TERMS, termHours } from "../../domain/commitment-request/common.js";
import { type Money, timesMoney } from "../../domain/money.js";
import type { Arbitrary, FastCheck } from "../fast-check.js";

const CURRENCIES = ["USD", "EUR", "GBP", "JPY", "INR"] as const;

/** Any amount of money that the library reads, 0 and twelve decimals included. */
export const moneyArbitrary = (fc: FastCheck): Arbitrary<Money> =>
  fc.record({
    amount: fc
      .tuple(
        fc.bigInt({ min: 0n, max: 999_999_999_999_999_999n }),
        fc.oneof(fc.constant(""), fc.stringMatching(/^\.[0-9]{1,12}$/)),
      )
      .map(([whole, fraction]) => `${whole}${fraction}`),
    currency: fc.constantFrom(...CURRENCIES),
  });

const DEAREST_IN_CENTS = 10_000_000_000_000;

/** An expected price: more than 0, in cents, at most what a line may cost. */
export const priceArbitrary = (fc: FastCheck): Arbitrary<Money> =>
  fc.record({
    amount: fc
      .oneof(fc.integer({ min: 1, max: 10_000_000 }), fc.integer({ min: 1, max: DEAREST_IN_CENTS }))
      .map((cents) => new Big(cents).div(100).toFixed(2)),
    currency: fc.constantFrom(...CURRENCIES),
  });

/** A line's own tolerance, or none. */
export const toleranceArbitrary = (fc: FastCheck): Arbitrary<{ readonly priceTolerancePercent?: number }> =>
  fc.record(
    { priceTolerancePercent: fc.integer({ min: 0, max: 80 }).map((quarters) => quarters / 4) },
    { requiredKeys: [] },
  );

/** The fields that every request of a number of units has. */
export const commonFields = (fc: FastCheck) => ({
  quantity: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 100_000 })),
  term: fc.constantFrom(...TERMS),
  payment: fc.constantFrom(...PAYMENTS),
  expectedPrice: priceArbitrary(fc),
});

/** Draws from both and merges the fields into one value. */
export const merged = <Left extends object, Right extends object>(
  fc: FastCheck,
  left: Arbitrary<Left>,
  right: Arbitrary<Right>,
): Arbitrary<Left & Right> => fc.tuple(left, right).map(([one, other]) => ({ ...one, ...other }));

/** A commitment to a constant amount per hour, with the price over its term. */
export interface HourlySize extends Pick<CommonRequest, "term" | "expectedPrice"> {
  readonly hourlyCommitment: string;
}

/** Hourly commitments from 0.001 to 1000000, in steps of 0.00001. */
export const hourlySizeArbitrary = (fc: FastCheck): Arbitrary<HourlySize> =>
  fc
    .record({
      steps: fc.oneof(fc.integer({ min: 100, max: 1_000_000 }), fc.integer({ min: 100, max: 100_000_000_000 })),
      term: fc.constantFrom(...TERMS),
      currency: fc.constantFrom(...CURRENCIES),
    })
    .map(({ steps, term, currency }) => {
      const hourlyCommitment = new Big(steps).div(100_000).toFixed();
      const expectedPrice = timesMoney({ amount: hourlyCommitment, currency }, termHours(term));
      return { hourlyCommitment, term, expectedPrice };
    });
