import { setTimeout as sleep } from "node:timers/promises";
import { LONGEST_TIMER_MS } from "../../domain/bounds.js";

/** Waits, unless there is nothing to wait for. Ends with an error as soon as the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(Math.min(ms, LONGEST_TIMER_MS), undefined, { signal });
}
