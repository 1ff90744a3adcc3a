import type { Execution } from "../../domain/execution.js";

/** One stored execution with what the port keeps beside it. */
export interface MemoryRecord {
  readonly execution: Execution;
  readonly lastSignOfLifeAt: number;
  /** Insertion order, to break ties of equal times. */
  readonly order: number;
}
