/** Milliseconds since the Unix epoch, UTC. */
export type EpochMs = number;

/**
 * The only source of time in the library; nothing else reads the wall clock.
 *
 * `now` is for stamps and comparisons with other wall clocks, `monotonic` for measuring how long something took on
 * this machine (it never jumps), and `timeout` for giving a request a time limit.
 */
export interface Clock {
  /** The wall clock. */
  now(): EpochMs;
  /** Milliseconds on a clock that never goes backwards; only differences mean anything. */
  monotonic(): number;
  /** A signal that aborts `ms` from now. */
  timeout(ms: number): AbortSignal;
}

/**
 * Starts measuring; the result tells the milliseconds since, the larger of what both clocks say.
 *
 * A monotonic clock stands still while a machine is suspended and a wall clock can be set back; where too long is
 * dangerous and too short is not known, the larger is the safe one.
 */
export function stopwatch(clock: Clock): () => number {
  const startedAt = { wall: clock.now(), monotonic: clock.monotonic() };
  return () => Math.max(clock.now() - startedAt.wall, clock.monotonic() - startedAt.monotonic);
}

/** The machine's own clocks. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  timeout: (ms) => AbortSignal.timeout(ms),
};
