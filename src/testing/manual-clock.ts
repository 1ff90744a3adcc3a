import type { Clock, EpochMs } from "../domain/clock.js";
import { invalidArgument } from "../domain/input-problem.js";

/** A clock that stands still until it is told to advance. Timeouts that fall due on the way fire. */
export interface ManualClock extends Clock {
  /** Moves the wall clock and the monotonic clock on by `ms` and fires the timeouts that fall due. */
  advance(ms: number): void;
}

/**
 * A {@link ManualClock} that starts at `startAt`, by default at an instant in 2026.
 *
 * Throws `INVALID_REQUEST` if `startAt` is not a time.
 */
export function manualClock(startAt: EpochMs = Date.UTC(2026, 0, 1)): ManualClock {
  if (!Number.isFinite(startAt)) throw invalidArgument("startAt", `must be epoch milliseconds, got ${String(startAt)}`);
  let elapsed = 0;
  const timeouts = new Set<{ readonly dueAt: number; readonly controller: AbortController }>();
  return {
    now: () => startAt + elapsed,
    monotonic: () => elapsed,
    timeout(ms) {
      const timeout = { dueAt: elapsed + ms, controller: new AbortController() };
      timeouts.add(timeout);
      return timeout.controller.signal;
    },
    advance(ms) {
      if (!(Number.isFinite(ms) && ms >= 0))
        throw invalidArgument("ms", `must be a number of at least 0, got ${String(ms)}`);
      elapsed += ms;
      const due = [...timeouts].filter(({ dueAt }) => dueAt <= elapsed);
      if (due.length === 0) return;
      const timedOut = new DOMException("The operation timed out.", "TimeoutError");
      for (const timeout of due) {
        timeouts.delete(timeout);
        timeout.controller.abort(timedOut);
      }
    },
  };
}
