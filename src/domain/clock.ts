/** Milliseconds since the Unix epoch, UTC. */
export type EpochMs = number;

/**
 * The only source of time in the library; nothing else reads the wall clock.
 *
 * `now` is for timestamps and for comparisons with other wall clocks. `monotonic` measures how long something took on
 * this machine; it never jumps. `timeout` gives a request a time limit.
 */
export interface Clock {
  /** The wall clock. */
  now(): EpochMs;
  /** Milliseconds on a clock that never goes backwards. Only differences between two readings mean anything. */
  monotonic(): number;
  /** A signal that aborts `ms` from now. The time may have a fraction. */
  timeout(ms: number): AbortSignal;
}

/**
 * Starts to measure. The result tells the milliseconds since then, by the clock that shows more.
 *
 * A monotonic clock stands still while a machine is suspended, and a wall clock can be set back. So each clock may show
 * too little, and the larger reading is the safe one.
 */
export function stopwatch(clock: Clock): () => number {
  const startedAt = { wall: clock.now(), monotonic: clock.monotonic() };
  return () => Math.max(clock.now() - startedAt.wall, clock.monotonic() - startedAt.monotonic);
}

/** The machine's own clocks. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  // Node refuses a fraction. To wait a little longer is the safe side.
  timeout: (ms) => AbortSignal.timeout(Math.ceil(ms)),
};
