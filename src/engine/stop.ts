/** When a call begins nothing more. */
export interface Stop {
  /** Aborts at that time, or somewhat later: a timer fires once the process is free. */
  readonly signal: AbortSignal;
  /** Whether that time has come, by the clock too. */
  isOver(): boolean;
}
