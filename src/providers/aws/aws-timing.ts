import type { IdempotencyContract } from "../../domain/idempotency-contract.js";

const MINUTE_MS = 60_000;

/** The timings of a contract that do not depend on what the service dedupes, all in milliseconds. */
export type AwsTiming = Omit<IdempotencyContract, "kind" | "windowMs">;

/**
 * How long an AWS service is trusted to remember a client token if it states no time.
 *
 * This is the shortest lifetime that any AWS API documents for such a token (AWS Private CA: five minutes). It is
 * shorter than a request can live, so a doubt ends by looking, never by a resend. Raise it once AWS has stated a
 * figure.
 */
export const UNSTATED_TOKEN_WINDOW_MS = 5 * MINUTE_MS;

/** The timings for an AWS service that states nothing else. */
export const AWS_TIMING: AwsTiming = {
  // AWS publishes two bounds for a request's signing time: 5 minutes (EC2's error InvalidSecurity.RequestHasExpired)
  // and 15 (RequestExpired, and the "Common Errors" page of all APIs). Requests are signed with the time of their
  // write-ahead, so the longer bound is the last moment at which a request can still land.
  maxRequestLifetimeMs: 15 * MINUTE_MS,
  // AWS calls listings eventually consistent and states no bound. In practice the lag is seconds (Terraform gives a new
  // RDS reservation 30 s and five more looks). This value is ten times that, because a purchase missed here is bought
  // twice.
  visibilityLagMs: 5 * MINUTE_MS,
  // A host that keeps time at all is within a second of the right time.
  clockSkewMs: MINUTE_MS,
};
