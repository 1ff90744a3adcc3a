import type { Money } from "./money.js";

/** Which lines a limit counts. Every part that is stated must match. A scope without parts counts every line. */
export interface LimitScope {
  readonly cloud?: string;
  readonly service?: string;
  readonly account?: string;
  /** Who created the execution. */
  readonly createdBy?: string;
  /** Where the basket comes from, as `source` of the submission says. */
  readonly source?: string;
}

/** The most that may be committed in a period: the price over the whole term, not the part that is due upfront. */
export interface Limit {
  /** Names the limit in refusals. Each limit of a set has another name. */
  readonly name: string;
  readonly scope: LimitScope;
  /** A day, month or year of the calendar, or a span in milliseconds that starts anew each time since 1970. */
  readonly per: "day" | "month" | "year" | number;
  readonly max: Money;
  /** The time zone of the calendar, such as `Europe/Berlin`. Default `UTC`. */
  readonly timeZone?: string;
}
