import { type PAYMENT_OPTIONS, TERM_SECONDS } from "./reserved-terms.js";

const TERM_FACTOR = { oneYear: 0.63, threeYears: 0.43 } as const;
/** The more is paid upfront, the less in total. */
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

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
