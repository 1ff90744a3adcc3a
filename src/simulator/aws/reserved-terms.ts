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
