import { invalidRequest } from "../../domain/input-problem.js";

/** The time between two steps: whole days, or whole months. */
export type StepInterval = { readonly days: number } | { readonly months: number };

const DAY_MS = 86_400_000;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/**
 * The dates of steps, as `YYYY-MM-DD`. Months are counted from the first date: a step on the 31st falls on the last day of
 * a shorter month, and on the 31st again in a longer one.
 */
export function stepDates(first: string, interval: StepInterval, count: number): readonly string[] {
  const [year, month, day] = partsOf(first);
  return Array.from({ length: count }, (_, step) => {
    if ("days" in interval) return dateText(Date.UTC(year, month - 1, day) + step * interval.days * DAY_MS);
    const monthIndex = month - 1 + step * interval.months;
    // Day 0 of the next month is the last day of this one.
    const lastDay = new Date(Date.UTC(year, monthIndex + 1, 0)).getUTCDate();
    return dateText(Date.UTC(year, monthIndex, Math.min(day, lastDay)));
  });
}

const dateText = (time: number): string => new Date(time).toISOString().slice(0, 10);

function partsOf(text: string): readonly [number, number, number] {
  const [, year = "", month = "", day = ""] = DATE.exec(text) ?? [];
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (year === "" || dateText(time) !== text)
    throw invalidRequest([
      { path: "firstDate", problem: `must be a date such as "2027-01-31", got ${JSON.stringify(text)}` },
    ]);
  return [Number(year), Number(month), Number(day)];
}
