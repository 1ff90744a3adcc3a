import { BuyonceError } from "./errors.js";

/** A hundred years: the longest time span that is taken, which every store can add to a date. */
export const LONGEST_SPAN_MS = 100 * 365 * 86_400_000;

/** What is wrong with a number that must be whole and at least 1, if anything. */
export const countProblem = (value: number): string | undefined =>
  Number.isSafeInteger(value) && value > 0 ? undefined : "must be a positive whole number";

/** What is wrong with a time span in milliseconds that must be positive and at most {@link LONGEST_SPAN_MS}, if anything. */
export const spanProblem = (value: number): string | undefined =>
  value > 0 && value <= LONGEST_SPAN_MS
    ? undefined
    : `must be a positive number of at most ${LONGEST_SPAN_MS} (100 years)`;

/** Takes a number without a {@link countProblem}; `INVALID_REQUEST` for any other. */
export const requireCount = (name: string, value: number): number => unless(countProblem(value), name, value);

/** Takes a number without a {@link spanProblem}; `INVALID_REQUEST` for any other. */
export const requireSpan = (name: string, value: number): number => unless(spanProblem(value), name, value);

function unless(what: string | undefined, name: string, value: number): number {
  if (what === undefined) return value;
  const problem = `${what}, got ${value}`;
  throw new BuyonceError("INVALID_REQUEST", `${name} ${problem}.`, {
    details: { problems: [{ path: name, problem }] },
  });
}
