import type { IdempotencyContract } from "../../domain/idempotency-contract.js";
import { invalidArgument } from "../../domain/input-problem.js";
import { checkKeys, type KeysOf } from "../../domain/options.js";
import { checkSettings } from "../check-settings.js";
import { shortenedTiming } from "../check-timing.js";
import type { GcpClients, GcpTarget } from "./gcp-clients.js";

/** The timings of a contract with Google Cloud, all in milliseconds. */
export type GcpTiming = Omit<IdempotencyContract, "kind" | "windowMs">;

const MINUTE_MS = 60_000;

/** The timings for Google Cloud, which states none. */
export const GCP_TIMING: GcpTiming = {
  // A request carries an access token, and no time of its own. Google's tokens live an hour.
  maxRequestLifetimeMs: 60 * MINUTE_MS,
  // A commitment is read by its name. Five minutes as for the other clouds, because one missed here is bought twice.
  visibilityLagMs: 5 * MINUTE_MS,
  clockSkewMs: MINUTE_MS,
};

/** The options that every GCP adapter has. */
export interface GcpCommonOptions {
  /** Time limit of one request, in milliseconds. Default 30000. */
  readonly requestTimeoutMs?: number;
  /**
   * Overrides of the timings of the idempotency contract, in milliseconds, not seconds.
   *
   * The timings say for how long a lost purchase can still turn up. If they are too short, a line is bought twice. So
   * longer timings are accepted. Shorter timings are accepted only with {@link shortenedTimingForSimulators}, or if the
   * commitments client was made for an `apiEndpoint` that is not Google's. Otherwise every call fails before anything
   * is sent.
   */
  readonly timing?: Partial<GcpTiming>;
  /**
   * DANGER: accepts a `timing` that is shorter than Google Cloud needs. Default false.
   *
   * For simulators only. Against Google Cloud itself it buys twice, because a line counts as not bought while its
   * request can still take effect.
   */
  readonly shortenedTimingForSimulators?: boolean;
  /** How many pages of a listing are read before the listing counts as endless. Default 100. */
  readonly maxPages?: number;
  /**
   * How long a purchase waits for its operation, in milliseconds. After that, ticks look for the commitment. Default
   * 60000.
   */
  readonly pollForMs?: number;
  /** How long a purchase waits between two looks at its operation, in milliseconds. Default 2000. */
  readonly pollEveryMs?: number;
}

/** The options of the adapter of Compute Engine. */
export interface GcpProviderOptions extends GcpCommonOptions {
  /**
   * Gives the SDK clients for a project and region. Each purchase names the project, so it cannot be billed to another
   * one.
   */
  clientFor(target: GcpTarget): GcpClients | Promise<GcpClients>;
}

/** The names of the common options. */
export const COMMON_OPTION_KEYS: KeysOf<GcpCommonOptions> = {
  requestTimeoutMs: true,
  timing: true,
  shortenedTimingForSimulators: true,
  maxPages: true,
  pollForMs: true,
  pollEveryMs: true,
};

const TIMING_KEYS: KeysOf<GcpTiming> = { maxRequestLifetimeMs: true, visibilityLagMs: true, clockSkewMs: true };

/** The options with every default filled in. */
export interface GcpSettings {
  readonly maxPages: number;
  /** Why the timings are too short for Google Cloud itself, if they are. */
  readonly refusedAtGoogle: string | undefined;
  readonly requestTimeoutMs: number;
  readonly pollForMs: number;
  readonly pollEveryMs: number;
}

/** What the options of an adapter are checked against. */
interface OptionRules<Options> {
  readonly keys: KeysOf<Options>;
  /** The timings that the cloud needs. */
  readonly documented: GcpTiming;
}

/**
 * Checks the options and fills in the defaults.
 *
 * Throws `INVALID_REQUEST` for an option that does not exist or is out of range.
 */
export function readSettings<Options extends GcpCommonOptions & { clientFor: unknown }>(
  options: Options,
  { keys, documented }: OptionRules<Options>,
): GcpSettings {
  checkKeys("options", options, keys);
  const {
    requestTimeoutMs = 30_000,
    maxPages = 100,
    pollForMs = 60_000,
    pollEveryMs = 2_000,
    timing = {},
    shortenedTimingForSimulators = false,
  } = options;
  if (typeof options.clientFor !== "function")
    throw invalidArgument("clientFor", "must be a function that gives a client");
  if (typeof shortenedTimingForSimulators !== "boolean")
    throw invalidArgument("shortenedTimingForSimulators", `must be true or false, got ${shortenedTimingForSimulators}`);
  checkKeys("options.timing", timing, TIMING_KEYS);
  checkSettings({ timing, requestTimeoutMs, maxPages, pollForMs, pollEveryMs });
  const refusedAtGoogle = shortenedTimingForSimulators ? undefined : shortenedTiming(timing, documented);
  return { requestTimeoutMs, maxPages, pollForMs, pollEveryMs, refusedAtGoogle };
}
