const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Commitments start and end at midnight UTC-8, in summer as well. */
const BEHIND_UTC_MS = 8 * HOUR_MS;

/** The moment as Compute Engine writes it: RFC 3339 with the offset of UTC-8. */
export function pacificText(moment: number): string {
  return new Date(moment - BEHIND_UTC_MS).toISOString().replace("Z", "-08:00");
}

/** The first midnight UTC-8 after the moment. */
export function nextMidnight(moment: number): number {
  const day = Math.floor((moment - BEHIND_UTC_MS) / DAY_MS) + 1;
  return day * DAY_MS + BEHIND_UTC_MS;
}

/** The same day of the month and time of day, `months` later. */
export function monthsLater(moment: number, months: number): number {
  const date = new Date(moment - BEHIND_UTC_MS);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.getTime() + BEHIND_UTC_MS;
}
