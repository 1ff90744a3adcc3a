import type { HttpClient } from "@azure/core-rest-pipeline";
import { checkSettings } from "../check-settings.js";
import type { IdempotencyContract } from "../../domain/idempotency-contract.js";
import type { AzureClient, AzureTarget } from "./azure-client.js";

/** The timings of a contract with Azure, all in milliseconds. */
export type AzureTiming = Omit<IdempotencyContract, "kind" | "windowMs">;

const MINUTE_MS = 60_000;

/** What is taken for Azure, which states nothing. */
export const AZURE_TIMING: AzureTiming = {
  // A request carries an access token, and no time of its own. Entra ID's tokens live 60 to 90 minutes, with continuous
  // access evaluation up to 28 hours. The shorter life is taken: a request that was held up for longer still meets the
  // alias that has its name, or a session that is over.
  maxRequestLifetimeMs: 90 * MINUTE_MS,
  // Resources are read by their own id or name, which is authoritative; lists lag, so absence from them proves nothing.
  visibilityLagMs: 5 * MINUTE_MS,
  clockSkewMs: MINUTE_MS,
};

/** What every Azure adapter takes. */
export interface AzureProviderOptions {
  /**
   * An SDK client whose credential may buy for the billing subscription. Any settings will do, retries included. The
   * subscription travels in each purchase, so it cannot be billed to another one.
   */
  clientFor(target: AzureTarget): AzureClient | Promise<AzureClient>;
  /** Sends the requests of the client's pipeline. Default: the SDK's own. */
  readonly httpClient?: HttpClient;
  /** Where Azure Resource Manager is. Default `https://management.azure.com`. */
  readonly endpoint?: string;
  /** Time limit of one request, in milliseconds. Default 30000. */
  readonly requestTimeoutMs?: number;
  /** Overrides of the timings of the idempotency contract, in milliseconds. */
  readonly timing?: Partial<AzureTiming>;
  /** How many pages of a listing are read before it counts as endless. Default 100. */
  readonly maxPages?: number;
  /** How long a purchase waits for Azure to finish an order, in milliseconds; after that ticks go on. Default 30000. */
  readonly pollForMs?: number;
  /** How long it waits between two looks, in milliseconds. Default 5000. */
  readonly pollEveryMs?: number;
}

/** The options with every default filled in. */
export interface AzureSettings {
  readonly endpoint: string;
  readonly requestTimeoutMs: number;
  readonly maxPages: number;
  readonly pollForMs: number;
  readonly pollEveryMs: number;
}

/** Checks the options and fills in the defaults; a `TypeError` for one that is out of range. */
export function readSettings({
  endpoint = "https://management.azure.com",
  requestTimeoutMs = 30_000,
  maxPages = 100,
  pollForMs = 30_000,
  pollEveryMs = 5_000,
  timing = {},
}: AzureProviderOptions): AzureSettings {
  checkSettings({ timing, requestTimeoutMs, maxPages, pollForMs, pollEveryMs });
  if (!/^https:\/\/[^/]+$/.test(endpoint)) throw new TypeError(`endpoint must be an https origin, got "${endpoint}"`);
  return { endpoint, requestTimeoutMs, maxPages, pollForMs, pollEveryMs };
}
