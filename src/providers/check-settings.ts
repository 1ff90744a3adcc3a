import { LONGEST_SPAN_MS, timerProblem } from "../domain/bounds.js";
import { invalidArgument } from "../domain/input-problem.js";

/** Throws `INVALID_REQUEST` for a number among an adapter's options that is out of range. */
export function checkSettings({
  timing,
  maxPages = 1,
  pollForMs = 0,
  pollEveryMs = 0,
  requestTimeoutMs,
}: {
  readonly timing: object;
  readonly requestTimeoutMs: number;
  readonly maxPages?: number;
  readonly pollForMs?: number;
  readonly pollEveryMs?: number;
}): void {
  for (const [name, value] of Object.entries({ ...timing, pollForMs, pollEveryMs }))
    if (!(typeof value === "number" && value >= 0 && value <= LONGEST_SPAN_MS))
      throw invalidArgument(name, `must be a number of milliseconds from 0 to ${LONGEST_SPAN_MS}, got ${value}`);
  for (const [name, value] of Object.entries({ requestTimeoutMs, pollEveryMs: pollEveryMs || 1 })) {
    const problem = timerProblem(value);
    if (problem !== undefined) throw invalidArgument(name, `${problem}, got ${value}`);
  }
  if (!Number.isInteger(maxPages) || maxPages <= 0)
    throw invalidArgument("maxPages", "must be a whole number of at least 1");
}
