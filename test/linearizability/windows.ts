import type { Execution } from "../../src/domain/execution.js";
import type { ChangeGuard } from "../../src/store-port/execution-store.js";
import type { Call } from "./history.js";

/** How far two readings of one machine's clock may seem apart: both are cut to milliseconds, and a clock is slewed. */
const TOLERANCE_MS = 10;

/** From when to when, by the wall clock, a call may have looked at leases. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The window of a call; without an end where its outcome is not known. */
export const windowOf = ({ invoked, returned }: Call): Window => ({
  from: invoked.wall - TOLERANCE_MS,
  to: (returned?.at.wall ?? Number.POSITIVE_INFINITY) + TOLERANCE_MS,
});

/**
 * Whether a condition on an execution may have been true at some time of a window.
 *
 * Conditions change with time only where a lease, an expiry or a sleep ends, or at the times of a guard, so a look at both
 * ends of the window and at those times is a look at all of it.
 */
export function mayBe(
  execution: Execution,
  { from, to }: Window,
  condition: (now: number) => boolean,
  { after, before }: ChangeGuard = {},
): boolean {
  const ends = [execution.lease?.expiresAt, execution.expiresAt, execution.wakeAt, after && after + 1, before];
  const within = ends.filter((end) => typeof end === "number" && end > from && end < to);
  return [from, ...within, to].some((now) => condition(Number(now)));
}
