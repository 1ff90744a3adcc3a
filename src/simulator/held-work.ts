import type { SimulatorClock } from "./clock.js";

interface Held {
  readonly dueAt: number;
  readonly run: () => void;
}

/** How often held work is compared with a clock that gives no notice when it moves. */
const POLL_MS = 10;

/**
 * Work that waits for the simulator's clock: late landings and slow replies.
 *
 * It counts by the simulator's clock and not by the machine's, so a test that moves the clock decides when a request
 * lands. `runDue` is called before each look at the state, so nothing that is due by the clock is ever seen as absent.
 */
export class HeldWork {
  readonly #clock: SimulatorClock;
  #held: Held[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: SimulatorClock) {
    this.#clock = clock;
  }

  /** Runs `run` once the clock has moved on by `ms`. */
  after(ms: number, run: () => void): void {
    this.#held.push({ dueAt: this.#clock.now() + ms, run });
    this.#timer ??= setInterval(() => this.runDue(), POLL_MS);
  }

  /** Runs everything that is due, earliest first. */
  runDue(): void {
    const now = this.#clock.now();
    const due = this.#held.filter((work) => work.dueAt <= now).sort((a, b) => a.dueAt - b.dueAt);
    this.#held = this.#held.filter((work) => work.dueAt > now);
    if (this.#held.length === 0) this.#stopTimer();
    for (const work of due) work.run();
  }

  /** Drops what is still held: it never lands. */
  close(): void {
    this.#held = [];
    this.#stopTimer();
  }

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
