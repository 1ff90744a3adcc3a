import parseDuration from "parse-duration";
import type { Logger } from "../domain/logger.js";
import { DEFAULT_REAP_AFTER_MS } from "./reap-stuck-executions.js";

const NAME = "PURCHASE_APPROVED_REAP_AFTER";
/** One or more numbers with a unit, nothing else: `10m`, `2h30m`, `1.5h`. */
const DURATION = /^\s*(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+\s*$/;

/**
 * The reap age in milliseconds from `PURCHASE_APPROVED_REAP_AFTER`, written like `10m` or `2h30m`.
 *
 * Never throws: absent gives the default of 10 minutes, and anything unparsable or not positive gives the default with
 * a warning to `logger`.
 */
export function reapAfterFromEnv(
  env: Readonly<Record<string, string | undefined>> = process.env,
  logger: Pick<Logger, "warn"> = console,
): number {
  const text = env[NAME];
  if (text === undefined || text === "") return DEFAULT_REAP_AFTER_MS;
  const ms = DURATION.test(text) ? parseDuration(text) : null;
  if (typeof ms === "number" && Number.isFinite(ms) && ms > 0) return ms;
  logger.warn(`${NAME} must be a positive duration such as "10m" or "2h30m"; using the default of 10m`, {
    found: text,
  });
  return DEFAULT_REAP_AFTER_MS;
}
