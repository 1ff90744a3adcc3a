import { anySignal } from "../../domain/any-signal.js";
import { LONGEST_TIMER_MS } from "../../domain/bounds.js";
import { type Clock, type EpochMs, stopwatch } from "../../domain/clock.js";
import { invalidArgument } from "../../domain/input-problem.js";
import { isDate } from "../../domain/is-date.js";
import { refuse, signalProblems } from "../../domain/options.js";
import type { Stop } from "../stop.js";

/**
 * When a call begins nothing more.
 *
 * Once the signal fires or the time is over, no line is begun, and no purchase is sent. A purchase that has left by then
 * is waited for, for at most `lineTimeoutMs`, and what became of it is recorded. So give the call less time than its host
 * gives you. In AWS Lambda: `{ within: context.getRemainingTimeInMillis() - 70_000 }`.
 */
export interface RunBounds {
  readonly signal?: AbortSignal;
  /** Until when, by this machine's clock: a `Date` or epoch milliseconds. */
  readonly deadline?: EpochMs | Date;
  /** For how many milliseconds from now; at most a day. Nothing is begun if it is 0 or negative. */
  readonly within?: number;
}

/** The keys of {@link RunBounds}, for the check of options. */
export const BOUNDS_KEYS = { signal: true, deadline: true, within: true } as const;

const A_DAY_MS = 86_400_000;

/**
 * Reads when a call must begin nothing more.
 *
 * A deadline more than a day back, and a span of more than a day, are refused with `INVALID_REQUEST`. They are probably
 * in another unit. So is a signal that is none.
 */
export function stopOf(clock: Clock, bounds: RunBounds): Stop {
  refuse(signalProblems("signal", bounds.signal));
  const left = timeLeft(clock.now(), bounds) ?? Number.POSITIVE_INFINITY;
  const passed = stopwatch(clock);
  const signal = anySignal([bounds.signal, afterMs(clock, left)].filter((one) => one !== undefined));
  return { signal, isOver: () => signal.aborted || passed() >= left };
}

const afterMs = (clock: Clock, ms: number): AbortSignal | undefined => {
  if (ms <= 0) return AbortSignal.abort(new DOMException("The time is over.", "TimeoutError"));
  return ms > LONGEST_TIMER_MS ? undefined : clock.timeout(ms);
};

function timeLeft(now: EpochMs, { deadline, within }: RunBounds): number | undefined {
  if (deadline !== undefined && within !== undefined)
    throw invalidArgument("within", "cannot be given together with deadline; give one of them");
  if (within !== undefined) return spanOf(within);
  return deadline === undefined ? undefined : untilDeadline(deadline, now);
}

function spanOf(within: number): number {
  if (typeof within === "number" && within <= A_DAY_MS) return within;
  throw invalidArgument(
    "within",
    `must be a number of milliseconds, at most ${A_DAY_MS} (a day); got ${String(within)}`,
  );
}

function untilDeadline(deadline: EpochMs | Date, now: EpochMs): number {
  const time = isDate(deadline) ? deadline.getTime() : deadline;
  if (typeof time === "number" && Number.isFinite(time) && time > now - A_DAY_MS) return time - now;
  throw invalidArgument(
    "deadline",
    `must be a Date or epoch milliseconds that lie ahead, such as Date.now() + 60_000; got ${String(deadline)}`,
  );
}
