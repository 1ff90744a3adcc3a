import { checkSettings } from "../check-settings.js";
import type { AwsClient, AwsTarget } from "./aws-client.js";
import type { StsClient } from "./caller-account.js";

/** What every AWS adapter takes. */
export interface AwsProviderOptions<Client extends AwsClient, Timing> {
  /**
   * The SDK client for an account and region. Any settings will do, retries included; its credentials must belong to
   * the account, which is checked. Return the same client for the same target: what is known of it is kept with it.
   */
  clientFor(target: AwsTarget): Client | Promise<Client>;
  /**
   * The STS client that is asked whose credentials these are; it must use the very same credentials. Needed only where
   * STS cannot be reached with the region, endpoint and HTTP handler of the client itself.
   */
  stsClientFor?(target: AwsTarget): StsClient | Promise<StsClient>;
  /** Time limit of one request, in milliseconds. Default 30000: purchases answer within seconds or not at all. */
  readonly requestTimeoutMs?: number;
  /** Overrides of the timings of the idempotency contract, in milliseconds. */
  readonly timing?: Partial<Timing>;
  /** How many pages of a listing are read before it counts as endless. Default 100. */
  readonly maxPages?: number;
}

/** The options with every default filled in. */
export interface AwsSettings {
  readonly requestTimeoutMs: number;
  readonly maxPages: number;
}

/** Checks the numbers and fills in the defaults; a `TypeError` for one that is out of range. */
export function readSettings({
  requestTimeoutMs = 30_000,
  maxPages = 100,
  timing = {},
}: Pick<AwsProviderOptions<AwsClient, object>, "requestTimeoutMs" | "maxPages" | "timing">): AwsSettings {
  checkSettings({ timing, requestTimeoutMs, maxPages });
  return { requestTimeoutMs, maxPages };
}
