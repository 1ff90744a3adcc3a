import { anySignal } from "../domain/any-signal.js";
import { LONGEST_TIMER_MS, requireSpan } from "../domain/bounds.js";
import { type Clock, stopwatch } from "../domain/clock.js";
import { BuyonceError } from "../domain/errors.js";
import type { Execution } from "../domain/execution.js";
import { isUnsettled } from "../domain/line-state.js";
import { checkKeys, refuse, signalProblems } from "../domain/options.js";
import { isTerminal } from "../state-machine/transitions.js";
import { retriedRead } from "./claim/retried-read.js";
import { type Reading, readableExecution } from "./decisions/reading.js";
import type { EngineContext } from "./engine-options.js";

/** How long to wait. */
export interface Waiting {
  readonly signal?: AbortSignal;
  /** Default 60000. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Waits until an execution has ended, or until only a person can end its doubts.
 *
 * It reads the store again and again, at most every two seconds, and runs nothing: a run or a tick must bring the
 * execution on. `NOT_SETTLED_IN_TIME` has the execution in `current`. Throws the signal's reason once the signal aborts.
 */
export async function waitUntilSettled(
  context: EngineContext,
  executionId: string,
  waiting: Waiting = {},
  reading?: Reading,
): Promise<Execution> {
  checkKeys<Waiting>("waiting", waiting, { signal: true, timeoutMs: true });
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = waiting;
  requireSpan("timeoutMs", timeoutMs);
  refuse(signalProblems("signal", waiting.signal));
  const signal = anySignal(waiting.signal ? [waiting.signal] : []);
  const waited = stopwatch(context.clock);
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5)) {
    signal.throwIfAborted();
    const execution = await retriedRead(() => readableExecution(context, executionId, reading));
    if (isSettled(execution)) return execution;
    const left = timeoutMs - waited();
    if (left <= 0) throw notSettled(execution, timeoutMs);
    await pause(context.clock, Math.min(pauseMs, left), signal);
  }
}

/** Whether nothing more becomes of an execution unless a person acts. */
const isSettled = ({ status, lines }: Execution): boolean =>
  isTerminal(status) ||
  (status === "in_doubt" &&
    lines.every(({ state, doubt }) => (isUnsettled(state) ? doubt?.needsPerson === true : state !== "planned")));

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const over = anySignal([clock.timeout(ms), signal]);
  // The timer of a signal lets the process exit, and whoever waits would never hear of it.
  const awake = setInterval(() => {}, LONGEST_TIMER_MS);
  try {
    await new Promise<void>((resolve) => {
      if (over.aborted) resolve();
      else over.addEventListener("abort", () => resolve(), { once: true });
    });
  } finally {
    clearInterval(awake);
  }
}

const notSettled = (current: Execution, timeoutMs: number): BuyonceError =>
  new BuyonceError("NOT_SETTLED_IN_TIME", `Execution ${current.id} is still ${current.status} after ${timeoutMs} ms.`, {
    current,
  });
