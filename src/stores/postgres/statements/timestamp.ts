import type { EpochMs } from "../../../domain/clock.js";

/** A time as a parameter: ISO 8601 in UTC, so that no session setting can misread it. */
export function timestamp(time: EpochMs): string;
export function timestamp(time: EpochMs | null): string | null;
export function timestamp(time: EpochMs | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
