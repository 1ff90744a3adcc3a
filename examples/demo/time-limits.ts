/**
 * The demo's time limits, compressed so that the demo ends within a minute.
 *
 * Never lower the limits against a real cloud. AWS refuses a request minutes after its signing time, not seconds.
 */
export const TIME_LIMITS = {
  engine: { leaseMs: 8_000, lineTimeoutMs: 4_000, sendWithinMs: 1_000, retryDelayMs: 300 },
  provider: { maxRequestLifetimeMs: 3_000, visibilityLagMs: 700, clockSkewMs: 300 },
  simulator: { maxClockSkewMs: 3_000, listingLagMs: 400, tagLagMs: 200 },
} as const;
