import type { FaultInjection } from "./fault-plan.js";
import type { Ledger } from "./ledger.js";

/** The simulator's time, which a test may move ahead. */
export interface SimulatorTime {
  /** Milliseconds since the epoch. */
  now(): Promise<number>;
  /** Moves the clock ahead by `ms`. When this resolves, every request that was held until then has landed. */
  advance(ms: number): Promise<void>;
}

/** The states of commitments, which a test may set. */
export interface StatesControl {
  /**
   * Sets the state of the commitments with this id to any text, from now on: also to one that no service knows.
   *
   * Throws `TypeError` for an id under which nothing was bought.
   */
  set(commitmentId: string, state: string): Promise<void>;
}

/** The controls that every simulated cloud has, whether it runs in this process or in another. */
export interface SimulatorControls {
  readonly ledger: Ledger;
  readonly faults: FaultInjection;
  readonly clock: SimulatorTime;
  readonly states: StatesControl;
}
