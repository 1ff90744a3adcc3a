import { invalidArgument } from "../../domain/input-problem.js";
import { checkKeys, type KeysOf } from "../../domain/options.js";
import { checkSettings } from "../check-settings.js";
import type { AwsClient, AwsTarget } from "./aws-client.js";
import type { AwsTiming } from "./aws-timing.js";
import type { StsClient } from "./caller-account.js";

/** The options of every AWS adapter. An unknown name is refused with `INVALID_REQUEST`. */
export interface AwsProviderOptions<Client extends AwsClient, Timing> {
  /**
   * Gives the SDK client for an account and region.
   *
   * The client may have any settings, retries included. Its credentials must belong to the account, which the adapter
   * checks. Return the same client for the same target, because the adapter keeps what it knows of a client with that
   * client.
   */
  clientFor(target: AwsTarget): Client | Promise<Client>;
  /**
   * Gives the STS client that is asked to which account the credentials belong. It must use the very same credentials.
   * Needed only if STS cannot be reached with the region, endpoint and HTTP handler of the client itself.
   */
  stsClientFor?(target: AwsTarget): StsClient | Promise<StsClient>;
  /** Time limit of one request, in milliseconds. Default 30000: purchases answer within seconds or not at all. */
  readonly requestTimeoutMs?: number;
  /**
   * Overrides of the timings of the idempotency contract, in milliseconds.
   *
   * Longer timings are safe. With a shorter timing, a doubt can end while the request can still land, and the line is
   * **bought twice**: seconds given for milliseconds do that. So every call of the adapter fails with a shorter timing,
   * unless the client's endpoint is not an AWS endpoint, or `shortenedTimingForSimulators` is set.
   */
  readonly timing?: Partial<Timing>;
  /**
   * Allows a `timing` that is shorter than AWS needs. Default false.
   *
   * For tests against a simulator only: at AWS itself a line with a late request is **bought twice**, for up to three
   * years. Not needed if the client's `endpoint` is set to an address that is not an AWS address, such as 127.0.0.1.
   */
  readonly shortenedTimingForSimulators?: boolean;
  /** How many pages of a listing are read before the listing counts as endless. Default 100. */
  readonly maxPages?: number;
}

/** The options with every default filled in. */
export interface AwsSettings {
  readonly requestTimeoutMs: number;
  readonly maxPages: number;
}

const OPTIONS: KeysOf<AwsProviderOptions<AwsClient, AwsTiming>> = {
  clientFor: true,
  stsClientFor: true,
  requestTimeoutMs: true,
  timing: true,
  shortenedTimingForSimulators: true,
  maxPages: true,
};

/**
 * Checks the options and fills in the defaults.
 *
 * Throws `INVALID_REQUEST` for an unknown name, and for a value that is out of range. `documented` has
 * the timings that can be overridden.
 */
export function readSettings(
  options: AwsProviderOptions<AwsClient, object>,
  documented: Readonly<Record<string, number | null>>,
): AwsSettings {
  checkKeys("options", options, OPTIONS);
  const { clientFor, stsClientFor, requestTimeoutMs = 30_000, maxPages = 100, timing = {} } = options;
  const { shortenedTimingForSimulators = false } = options;
  checkKeys<object>("options.timing", timing, knownNames(documented));
  checkSettings({ timing, requestTimeoutMs, maxPages });
  if (typeof clientFor !== "function")
    throw invalidArgument("clientFor", "must be a function that gives a client of the SDK");
  if (!["undefined", "function"].includes(typeof stsClientFor))
    throw invalidArgument("stsClientFor", "must be a function");
  if (typeof shortenedTimingForSimulators !== "boolean")
    throw invalidArgument("shortenedTimingForSimulators", `must be true or false, got ${shortenedTimingForSimulators}`);
  return { requestTimeoutMs, maxPages };
}

const knownNames = (documented: object): KeysOf<object> =>
  Object.fromEntries(Object.keys(documented).map((name) => [name, true]));
