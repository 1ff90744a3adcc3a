/** The months of each term that Azure sells. */
export const TERM_MONTHS = { P1Y: 12, P3Y: 36, P5Y: 60 } as const;

/** A term, as an ISO 8601 duration. */
export type AzureTerm = keyof typeof TERM_MONTHS;
