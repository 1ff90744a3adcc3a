import { countProblem } from "../../domain/bounds.js";
import { invalidArgument } from "../../domain/input-problem.js";
import type { Logger } from "../../domain/logger.js";

/** How much a collection does at the same time. */
export interface Parallelism {
  /** Requests in flight, over all clouds and accounts. */
  readonly calls: number;
  /** Regions of one account and source. */
  readonly regions: number;
}

const VARIABLES = {
  calls: { name: "BUYONCE_MAX_PARALLELISM", byDefault: 20 },
  regions: { name: "BUYONCE_REGION_PARALLELISM", byDefault: 10 },
} as const satisfies Record<keyof Parallelism, object>;

/**
 * The limits from `BUYONCE_MAX_PARALLELISM` (default 20) and `BUYONCE_REGION_PARALLELISM` (default 10).
 *
 * Never throws. A value that is not a whole number of at least 1 gives the default, with a warning to `logger`.
 */
export function parallelismFromEnv(
  env: Readonly<Record<string, string | undefined>> = process.env,
  logger: Pick<Logger, "warn"> = console,
): Parallelism {
  if (env === null) throw invalidArgument("env", "must be an object");
  const read = ({ name, byDefault }: (typeof VARIABLES)[keyof Parallelism]): number => {
    const text = env[name];
    if (text === undefined || text === "") return byDefault;
    const value = /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0;
    if (countProblem(value) === undefined) return value;
    logger.warn(`${name} must be a whole number from 1 to 999999; using the default of ${byDefault}`, { found: text });
    return byDefault;
  };
  return { calls: read(VARIABLES.calls), regions: read(VARIABLES.regions) };
}
