import { invalidArgument } from "../../../domain/input-problem.js";
import { checkKeys, type KeysOf } from "../../../domain/options.js";
import { checkSettings } from "../../check-settings.js";

/** The options that every source of Google Cloud has. */
export interface GcpSourceOptions {
  /** Time limit of one request, in milliseconds. Default 30000. */
  readonly requestTimeoutMs?: number;
  /** How many pages of a listing are read before the listing counts as endless. Default 100. */
  readonly maxPages?: number;
}

/** The names of these options. */
export const SOURCE_OPTION_KEYS: KeysOf<GcpSourceOptions> = { requestTimeoutMs: true, maxPages: true };

/** The options with every default filled in. */
export type GcpSourceSettings = Required<GcpSourceOptions>;

/**
 * Checks the options and fills in the defaults.
 *
 * Throws `INVALID_REQUEST` for an option that does not exist or is out of range.
 */
export function readSourceSettings<Options extends GcpSourceOptions & { readonly clientFor: unknown }>(
  options: Options,
  keys: KeysOf<Options>,
): GcpSourceSettings {
  checkKeys("options", options, keys);
  const { requestTimeoutMs = 30_000, maxPages = 100, clientFor } = options;
  if (typeof clientFor !== "function") throw invalidArgument("clientFor", "must be a function that gives a client");
  checkSettings({ timing: {}, requestTimeoutMs, maxPages });
  return { requestTimeoutMs, maxPages };
}
