import { BuyonceError } from "./errors.js";

/** A hundred years: the longest time span that is taken, which every store can add to a date. */
export const LONGEST_SPAN_MS = 100 * 365 * 86_400_000;

/** Takes a whole number of at least 1; `INVALID_REQUEST` for anything else. */
export function requireCount(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw outOfBounds(name, `must be a positive whole number, got ${value}`);
}

/** Takes a positive number of milliseconds up to {@link LONGEST_SPAN_MS}; `INVALID_REQUEST` for anything else. */
export function requireSpan(name: string, value: number): number {
  if (value > 0 && value <= LONGEST_SPAN_MS) return value;
  throw outOfBounds(name, `must be a positive number of at most ${LONGEST_SPAN_MS} (100 years), got ${value}`);
}

const outOfBounds = (name: string, problem: string): BuyonceError =>
  new BuyonceError("INVALID_REQUEST", `${name} ${problem}.`, { details: { problems: [{ path: name, problem }] } });
