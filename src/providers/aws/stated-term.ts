import type { EpochMs } from "../../domain/clock.js";

/** What a commitment states of its term, any of which may be missing. */
export interface StatedTerm {
  readonly startsAt: EpochMs | undefined;
  readonly endsAt?: EpochMs | undefined;
  readonly durationSeconds: number | undefined;
}

// A year has 365 days in the durations that AWS states. Until the date at which a term ends, it may have 366 days.
const A_DAY_MS = 86_400_000;

/**
 * Whether the whole term of a commitment that AWS calls retired has passed.
 *
 * The commitment was cut short if its stated end lies before the end of a whole term. If the start or the duration is
 * missing, the stated end alone decides.
 */
export function isTermOver(term: StatedTerm, now: EpochMs): boolean {
  const { startsAt, endsAt, durationSeconds } = term;
  const isWhole = startsAt !== undefined && durationSeconds !== undefined;
  const end = isWhole ? startsAt + durationSeconds * 1000 : endsAt;
  return end !== undefined && !isCutShort(term) && end <= now + A_DAY_MS;
}

/** Whether a commitment states an end that comes before the end of a whole term. */
export const isCutShort = ({ startsAt, endsAt, durationSeconds }: StatedTerm): boolean =>
  startsAt !== undefined &&
  endsAt !== undefined &&
  durationSeconds !== undefined &&
  endsAt - startsAt < durationSeconds * 1000 - A_DAY_MS;

/** A date as a time; `undefined` for one that is missing or cannot be read. */
export function timeOf(date: Date | string | undefined): EpochMs | undefined {
  const time = date === undefined ? Number.NaN : new Date(date).getTime();
  return Number.isNaN(time) ? undefined : time;
}
