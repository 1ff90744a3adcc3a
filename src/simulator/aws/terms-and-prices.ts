const YEAR_SECONDS = 31_536_000;

/** The terms AWS sells, in seconds. */
export const TERM_SECONDS = { oneYear: YEAR_SECONDS, threeYears: 3 * YEAR_SECONDS } as const;

/** The ways to pay that AWS sells today. */
export const PAYMENT_OPTIONS = ["No Upfront", "Partial Upfront", "All Upfront"] as const;

/** Every term with every way to pay. */
export function allTerms() {
  return Object.values(TERM_SECONDS).flatMap((durationSeconds) =>
    PAYMENT_OPTIONS.map((offeringType) => ({ durationSeconds, offeringType })),
  );
}

const TERM_FACTOR = { oneYear: 0.63, threeYears: 0.43 } as const;
/** The more is paid upfront, the less is paid in total. */
const UPFRONT = {
  "No Upfront": { share: 0, discount: 1 },
  "Partial Upfront": { share: 0.5, discount: 0.96 },
  "All Upfront": { share: 1, discount: 0.94 },
} as const;

/** What a reservation is priced by. */
export interface ReservedTerms {
  readonly durationSeconds: number;
  readonly offeringType: (typeof PAYMENT_OPTIONS)[number];
}

/** What a seeded reservation costs, given the price of an hour without one. */
export function reservedPrice(onDemandPerHour: number, { durationSeconds, offeringType }: ReservedTerms) {
  const { share, discount } = UPFRONT[offeringType];
  const term = durationSeconds === TERM_SECONDS.oneYear ? TERM_FACTOR.oneYear : TERM_FACTOR.threeYears;
  const perHour = onDemandPerHour * term * discount;
  const hours = durationSeconds / 3600;
  return { fixedPrice: rounded(perHour * hours * share, 2), hourlyPrice: rounded(perHour * (1 - share), 5) };
}

/** The price of an hour on demand, given what an hour of a year without upfront payment costs. */
export const onDemandPerHour = (hourlyPrice: number): number => hourlyPrice / TERM_FACTOR.oneYear;

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** What `count` cost at once at this price for each, as a decimal text: counted in cents, so that nothing is rounded. */
export function totalPrice(fixedPrice: number, count: number): string {
  return ((Math.round(fixedPrice * 100) * count) / 100).toFixed(2);
}
