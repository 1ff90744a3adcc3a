import { BuyonceError } from "./errors.js";

/** A hundred years: the longest time span that is accepted. Every store can add it to a date. */
export const LONGEST_SPAN_MS = 100 * 365 * 86_400_000;

/** Almost 25 days: the longest time that a timer of Node can wait. A timer with a longer time fires at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The problem with a number that must be whole and at least 1. `undefined` if there is none. */
export const countProblem = (value: number): string | undefined =>
  Number.isSafeInteger(value) && value > 0 ? undefined : "must be a positive whole number";

/**
 * The problem with a time span in milliseconds that must be positive and at most {@link LONGEST_SPAN_MS}. `undefined`
 * if there is none.
 */
export const spanProblem = (value: number): string | undefined =>
  typeof value === "number" && value > 0 && value <= LONGEST_SPAN_MS
    ? undefined
    : `must be a positive number of at most ${LONGEST_SPAN_MS} (100 years)`;

/**
 * The problem with a time span that a timer waits, which must be at most {@link LONGEST_TIMER_MS}. `undefined` if there
 * is none.
 */
export const timerProblem = (value: number): string | undefined =>
  typeof value === "number" && value > 0 && value <= LONGEST_TIMER_MS
    ? undefined
    : `must be a positive number of milliseconds, at most ${LONGEST_TIMER_MS} (almost 25 days)`;

/** Returns a number without a {@link countProblem}, and throws `INVALID_REQUEST` for any other. */
export const requireCount = (name: string, value: number): number => unless(countProblem(value), name, value);

/** Returns a number without a {@link spanProblem}, and throws `INVALID_REQUEST` for any other. */
export const requireSpan = (name: string, value: number): number => unless(spanProblem(value), name, value);

function unless(what: string | undefined, name: string, value: number): number {
  if (what === undefined) return value;
  const problem = `${what}, got ${value}`;
  throw new BuyonceError("INVALID_REQUEST", `${name} ${problem}.`, {
    details: { problems: [{ path: name, problem }] },
  });
}
