const timing = { maxRequestLifetimeMs: 2_500, visibilityLagMs: 500, clockSkewMs: 250 };

/** The waits of the examples, shortened so that a test takes seconds. Spread into the options of that name. */
export const TIME_LIMITS = {
  engine: { leaseMs: 4_000, lineTimeoutMs: 2_000, sendWithinMs: 1_000, retryDelayMs: 200 },
  provider: { timing, shortenedTimingForSimulators: true },
  simulator: { maxClockSkewMs: 2_500, listingLagMs: 300, tagLagMs: 100 },
} as const;
