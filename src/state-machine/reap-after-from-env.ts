import parseDuration from "parse-duration";
import { spanProblem } from "../domain/bounds.js";
import { invalidArgument } from "../domain/input-problem.js";
import type { Logger } from "../domain/logger.js";
import { DEFAULT_REAP_AFTER_MS, DEFAULT_RETRY_DELAY_MS } from "./reap-stuck-executions.js";

const NAME = "PURCHASE_APPROVED_REAP_AFTER";
/** One or more numbers with a unit, nothing else: `10m`, `2h30m`, `1.5h`. */
const DURATION = /^\s*(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+\s*$/;

/**
 * The reap age in milliseconds from `PURCHASE_APPROVED_REAP_AFTER`, written like `10m` or `2h30m`.
 *
 * Never throws. An absent value gives the default of 10 minutes. A text that is not a duration gives the default with a
 * warning to `logger`. So does a duration that an engine with default options refuses: 30 seconds or less, or more than
 * 100 years.
 */
export function reapAfterFromEnv(
  env: Readonly<Record<string, string | undefined>> = process.env,
  logger: Pick<Logger, "warn"> = console,
): number {
  if (env === null) throw invalidArgument("env", "must be an object");
  const text = env[NAME];
  if (text === undefined || text === "") return DEFAULT_REAP_AFTER_MS;
  const ms = DURATION.test(text) ? (parseDuration(text) ?? 0) : 0;
  if (spanProblem(ms) === undefined && ms > DEFAULT_RETRY_DELAY_MS) return ms;
  const wanted = 'a duration of more than 30s and at most 100 years, such as "10m" or "2h30m"';
  logger.warn(`${NAME} must be ${wanted}; using the default of 10m`, { found: text });
  return DEFAULT_REAP_AFTER_MS;
}
