import type { HttpClient } from "@azure/core-rest-pipeline";
import type { IdempotencyContract } from "../../domain/idempotency-contract.js";
import { invalidArgument } from "../../domain/input-problem.js";
import { checkKeys, type KeysOf } from "../../domain/options.js";
import { checkSettings } from "../check-settings.js";
import { shortenedTiming } from "../check-timing.js";
import type { AzureClient, AzureTarget } from "./azure-client.js";
import { AZURE_ABSENT_CODES, NEVER_ABSENT_CODES } from "./azure-error-codes.js";

/** The timings of a contract with Azure, all in milliseconds. */
export type AzureTiming = Omit<IdempotencyContract, "kind" | "windowMs">;

const MINUTE_MS = 60_000;

/** The timings for Azure, which states none. */
export const AZURE_TIMING: AzureTiming = {
  // A request carries an access token, and no time of its own. Entra ID's tokens live 60 to 90 minutes, with continuous
  // access evaluation up to 28 hours. The shorter life is used: a request that was held up for longer still meets the
  // alias that has its name, or a session that is over.
  maxRequestLifetimeMs: 90 * MINUTE_MS,
  // Resources are read by their own id or name, which is authoritative; lists lag, so absence from them proves nothing.
  visibilityLagMs: 5 * MINUTE_MS,
  clockSkewMs: MINUTE_MS,
};

/** The options of every Azure adapter. */
export interface AzureProviderOptions {
  /**
   * Gives an SDK client whose credential may buy for the billing subscription. The client may have any settings,
   * retries included. Each purchase names the subscription, so it cannot be billed to another one.
   */
  clientFor(target: AzureTarget): AzureClient | Promise<AzureClient>;
  /** Sends the requests of the client's pipeline. Default: the SDK's own. */
  readonly httpClient?: HttpClient;
  /** Where Azure Resource Manager is. Default `https://management.azure.com`. */
  readonly endpoint?: string;
  /** Time limit of one request, in milliseconds. Default 30000. */
  readonly requestTimeoutMs?: number;
  /**
   * Overrides of the timings of the idempotency contract, in milliseconds, not seconds.
   *
   * The timings say for how long a lost purchase can still turn up. If they are too short, a line is bought twice. So
   * longer timings are accepted. Shorter timings are accepted only with a custom `endpoint` or with {@link
   * shortenedTimingForSimulators}.
   */
  readonly timing?: Partial<AzureTiming>;
  /**
   * DANGER: accepts a `timing` that is shorter than Azure needs. Default false.
   *
   * For simulators only. Against Azure itself it buys twice, because a line counts as not bought while its request can
   * still take effect.
   */
  readonly shortenedTimingForSimulators?: boolean;
  /**
   * The codes of a 404 by which Azure says that an alias or an order does not exist. Default: {@link
   * AZURE_ABSENT_CODES}.
   *
   * No recording shows the code for an unknown alias. A 404 with any other code proves nothing: the line waits, and
   * nothing is bought. {@link checkAzureAccess} shows the code that your tenant gets. Add a code only if Azure says that
   * it means a missing resource: a line whose purchase is hidden behind it is bought again.
   */
  readonly absentCodes?: readonly string[];
  /** How many pages of a listing are read before the listing counts as endless. Default 100. */
  readonly maxPages?: number;
  /**
   * How long a purchase waits for Azure to finish an order, in milliseconds. After that, ticks go on. Default 30000.
   */
  readonly pollForMs?: number;
  /** How long a purchase waits between two looks at its order, in milliseconds. Default 5000. */
  readonly pollEveryMs?: number;
}

/** The names of the options that every Azure adapter takes. */
export const AZURE_OPTION_KEYS: KeysOf<AzureProviderOptions> = {
  clientFor: true,
  httpClient: true,
  endpoint: true,
  requestTimeoutMs: true,
  timing: true,
  shortenedTimingForSimulators: true,
  absentCodes: true,
  maxPages: true,
  pollForMs: true,
  pollEveryMs: true,
};

const TIMING_KEYS: KeysOf<AzureTiming> = { maxRequestLifetimeMs: true, visibilityLagMs: true, clockSkewMs: true };

/** The options with every default filled in. */
export interface AzureSettings {
  readonly endpoint: string;
  readonly requestTimeoutMs: number;
  readonly absentCodes: ReadonlySet<string>;
  readonly maxPages: number;
  readonly pollForMs: number;
  readonly pollEveryMs: number;
}

/** Checks the values of the options and fills in the defaults; `INVALID_REQUEST` for one that is out of range. */
export function readSettings(options: AzureProviderOptions): AzureSettings {
  const {
    endpoint = "https://management.azure.com",
    requestTimeoutMs = 30_000,
    absentCodes = AZURE_ABSENT_CODES,
    maxPages = 100,
    pollForMs = 30_000,
    pollEveryMs = 5_000,
    timing = {},
    shortenedTimingForSimulators = false,
  } = options;
  if (typeof options.clientFor !== "function")
    throw invalidArgument("clientFor", "must be a function that gives a client of the SDK");
  if (typeof shortenedTimingForSimulators !== "boolean")
    throw invalidArgument("shortenedTimingForSimulators", `must be true or false, got ${shortenedTimingForSimulators}`);
  checkKeys("options.timing", timing, TIMING_KEYS);
  checkAbsentCodes(absentCodes);
  checkSettings({ timing, requestTimeoutMs, maxPages, pollForMs, pollEveryMs });
  if (!/^https:\/\/[^/]+$/.test(endpoint))
    throw invalidArgument("endpoint", `must be an https origin, got "${endpoint}"`);
  const problem = shortenedTiming(timing, AZURE_TIMING);
  if (problem !== undefined && !shortenedTimingForSimulators && isAzureItself(endpoint))
    throw invalidArgument("timing", problem);
  return { endpoint, requestTimeoutMs, absentCodes: new Set(absentCodes), maxPages, pollForMs, pollEveryMs };
}

function checkAbsentCodes(codes: readonly string[]): void {
  if (!Array.isArray(codes)) throw invalidArgument("absentCodes", "must be a list of codes");
  for (const code of codes) {
    if (typeof code !== "string" || !/^[A-Za-z]\w*$/.test(code))
      throw invalidArgument("absentCodes", `must be codes such as "ResourceNotFound", got "${String(code)}"`);
    if (NEVER_ABSENT_CODES.has(code))
      throw invalidArgument("absentCodes", `must not hold "${code}": it says nothing of an alias or an order`);
  }
}

/** Where Azure Resource Manager is, in each of Azure's clouds. Its regions are reached at subdomains. */
const OWN_HOSTS: readonly string[] = [
  "management.azure.com",
  "management.chinacloudapi.cn",
  "management.usgovcloudapi.net",
  "management.microsoftazure.de",
];

/** Whether an endpoint is one of Azure's own, where every purchase is real. */
function isAzureItself(endpoint: string): boolean {
  const host = new URL(endpoint).hostname.replace(/\.$/, "");
  return OWN_HOSTS.some((own) => host === own || host.endsWith(`.${own}`));
}
