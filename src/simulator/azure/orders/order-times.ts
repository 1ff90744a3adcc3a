/** A moment as Azure writes it: UTC, with seven digits after the second. */
export function wireTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}0000Z`;
}

/** The day of a moment, `yyyy-mm-dd` in UTC. */
export function wireDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The moment as many months later: the same time of the same day, or of the month's last day if it has no such day. */
export function addMonths(ms: number, months: number): number {
  const date = new Date(ms);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.setUTCDate(Math.min(day, lastDay));
}

/** The months of each term that Azure sells. */
export const TERM_MONTHS = { P1M: 1, P1Y: 12, P3Y: 36, P5Y: 60 } as const;

/** A term, as an ISO 8601 duration. */
export type AzureTerm = keyof typeof TERM_MONTHS;
