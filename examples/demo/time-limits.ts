/**
 * The demo's time limits, compressed so that it ends within a minute. Real ones stay at their defaults: AWS refuses
 * requests by their signing time after minutes, not seconds, so never lower them against a real cloud.
 */
export const TIME_LIMITS = {
  engine: { leaseMs: 8_000, lineTimeoutMs: 4_000, sendWithinMs: 1_000, retryDelayMs: 300 },
  provider: { maxRequestLifetimeMs: 3_000, visibilityLagMs: 700, clockSkewMs: 300 },
  simulator: { maxClockSkewMs: 3_000, listingLagMs: 400, tagLagMs: 200 },
} as const;
