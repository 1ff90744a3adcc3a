/** What a simulator takes for the time: milliseconds since the Unix epoch. */
export interface SimulatorClock {
  now(): number;
}

/** The machine's wall clock. Nothing else in the simulator reads it. */
export const wallClock: SimulatorClock = { now: () => Date.now() };

/** A clock that runs with another and can be moved ahead of it, so that a test need not wait for a lag to pass. */
export class AdvanceableClock implements SimulatorClock {
  readonly #base: SimulatorClock;
  #aheadMs = 0;

  constructor(base: SimulatorClock) {
    this.#base = base;
  }

  now(): number {
    return this.#base.now() + this.#aheadMs;
  }

  /** Moves this clock `ms` further ahead. Time never runs backwards: a negative or odd number is a `TypeError`. */
  advance(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) throw new TypeError(`advance takes milliseconds >= 0, got ${ms}`);
    this.#aheadMs += ms;
  }
}
