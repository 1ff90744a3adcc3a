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

/** The machine's own clocks. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  timeout: (ms) => AbortSignal.timeout(ms),
};
