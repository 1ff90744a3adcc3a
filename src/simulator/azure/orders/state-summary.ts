/** The counts by state that lists give on request (`refreshSummary=true`). */
export interface StateSummary {
  readonly succeededCount: number;
  readonly failedCount: number;
  readonly expiringCount: number;
  readonly expiredCount: number;
  readonly pendingCount: number;
  readonly cancelledCount: number;
}

/** Counts commitments by their states; every state on the way to `Succeeded` counts as pending. */
export function stateSummary(states: readonly string[]): StateSummary {
  const count = (...names: readonly string[]) => states.filter((state) => names.includes(state)).length;
  const summary = {
    succeededCount: count("Succeeded"),
    failedCount: count("Failed", "BillingFailed"),
    expiringCount: 0,
    expiredCount: count("Expired"),
    cancelledCount: count("Cancelled", "Split", "Merged"),
  };
  const pendingCount = states.length - Object.values(summary).reduce((sum, one) => sum + one, 0);
  return { ...summary, pendingCount };
}
