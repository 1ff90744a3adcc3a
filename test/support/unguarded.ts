/** Options of an engine in tests about other things than guards: baskets may buy one need, and doubts freeze nothing. */
export const UNGUARDED = { overlapWindowMs: null, breaker: null } as const;
