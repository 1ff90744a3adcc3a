import { checkSettings } from "../check-settings.js";
import type { IdempotencyContract } from "../../domain/idempotency-contract.js";
import type { GcpClients, GcpTarget } from "./gcp-clients.js";

/** The timings of a contract with Google Cloud, all in milliseconds. */
export type GcpTiming = Omit<IdempotencyContract, "kind" | "windowMs">;

const MINUTE_MS = 60_000;

/** What is taken for Google Cloud, which states nothing. */
export const GCP_TIMING: GcpTiming = {
  // A request carries an access token, and no time of its own. Google's tokens live an hour.
  maxRequestLifetimeMs: 60 * MINUTE_MS,
  // A commitment is read by its name; five minutes as for the other clouds, because one missed here is bought twice.
  visibilityLagMs: 5 * MINUTE_MS,
  clockSkewMs: MINUTE_MS,
};

/** What every GCP adapter takes. */
export interface GcpProviderOptions {
  /**
   * The SDK clients for a project and region. The project travels in each purchase, so it cannot be billed to another one.
   */
  clientFor(target: GcpTarget): GcpClients | Promise<GcpClients>;
  /** Time limit of one request, in milliseconds. Default 30000. */
  readonly requestTimeoutMs?: number;
  /** Overrides of the timings of the idempotency contract, in milliseconds. */
  readonly timing?: Partial<GcpTiming>;
  /** How long a purchase waits for its operation, in milliseconds; after that ticks look for the commitment. Default 60000. */
  readonly pollForMs?: number;
  /** How long it waits between two looks, in milliseconds. Default 2000. */
  readonly pollEveryMs?: number;
}

/** The options with every default filled in. */
export interface GcpSettings {
  readonly requestTimeoutMs: number;
  readonly pollForMs: number;
  readonly pollEveryMs: number;
}

/** Checks the numbers and fills in the defaults; a `TypeError` for one that is out of range. */
export function readSettings({
  requestTimeoutMs = 30_000,
  pollForMs = 60_000,
  pollEveryMs = 2_000,
  timing = {},
}: GcpProviderOptions): GcpSettings {
  checkSettings({ timing, requestTimeoutMs, pollForMs, pollEveryMs });
  return { requestTimeoutMs, pollForMs, pollEveryMs };
}
