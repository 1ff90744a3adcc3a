import { setImmediate as nextTurn } from "node:timers/promises";
import type { EpochMs } from "../../domain/clock.js";
import { type ManualClock, manualClock } from "../manual-clock.js";

/**
 * The time of one simulation. It stands still while code runs, and goes on to the next event once all code waits.
 *
 * Each event has a time of its own. So of two records, the later one is also the newer one, in every replay.
 */
export interface Timeline {
  readonly clock: ManualClock;
  /** Calls back after `ms`. */
  after(ms: number, call: () => void): void;
  /** Resolves after `ms`. */
  pass(ms: number): Promise<void>;
  /** Plays every event up to a time, and calls `settled` after each. */
  playUntil(time: EpochMs, settled: () => void): Promise<void>;
}

interface TimedEvent {
  readonly at: EpochMs;
  readonly order: number;
  readonly call: () => void;
}

/** A timeline without events. */
export function timeline(): Timeline {
  const clock = manualClock();
  const events = new Set<TimedEvent>();
  const state = { order: 0 };

  const next = (): TimedEvent | undefined => {
    let first: TimedEvent | undefined;
    for (const event of events) if (first === undefined || isBefore(event, first)) first = event;
    return first;
  };

  const after = (ms: number, call: () => void) => {
    state.order += 1;
    events.add({ at: clock.now() + ms, order: state.order, call });
  };

  return {
    clock,
    after,
    pass: (ms) => new Promise((resolve) => after(ms, resolve)),
    async playUntil(time, settled) {
      for (let event = next(); event !== undefined && event.at <= time; event = next()) {
        events.delete(event);
        clock.advance(Math.max(1, event.at - clock.now()));
        event.call();
        // All that follows from an event runs as microtasks, and ends before the next turn begins.
        await nextTurn();
        settled();
      }
      clock.advance(Math.max(0, time - clock.now()));
    },
  };
}

const isBefore = (one: TimedEvent, other: TimedEvent): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);
