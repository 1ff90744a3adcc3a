import type { Clock } from "../../../src/domain/clock.js";
import { type ManualClock, manualClock } from "../../../src/testing/manual-clock.js";
import type { WorkerScript } from "./scenario.js";

/** The clocks of one worker's machine. */
export interface MachineClock extends Clock {
  /** Lets time pass; in a flawed step one of the clocks stands still. */
  pass(ms: number, flawed: boolean): void;
}

/**
 * A machine whose wall clock is off, and that has one flaw: its monotonic clock and its timers stand still while it is
 * suspended, or its wall clock is set back.
 */
export function machineClock(time: Clock, { clockOffsetMs, clockFlaw }: WorkerScript): MachineClock {
  const wall = manualClock(time.now() + clockOffsetMs);
  const monotonic = manualClock();
  return {
    now: wall.now,
    monotonic: monotonic.monotonic,
    timeout: monotonic.timeout,
    pass(ms, flawed) {
      if (!flawed || clockFlaw !== "wall") wall.advance(ms);
      if (!flawed || clockFlaw !== "monotonic") monotonic.advance(ms);
    },
  };
}

/** The same time on a wall clock that is off by `offsetMs`. */
export const offBy = (time: ManualClock, offsetMs: number): Clock => ({ ...time, now: () => time.now() + offsetMs });
