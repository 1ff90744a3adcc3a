import type { ExecutionStore, ReapedCounts, ReapSweep } from "../store-port/execution-store.js";

/** The most that one statement reaps: the server sorts them in memory, and they are locked until it ends. */
const LARGEST_SHARE = 50_000;
/** Below this a second statement costs more than it saves. */
const WORTH_SHARING = 10_000;

/** What the statements of a sweep did, and the first failure of one, if any. */
export interface SweptAtOnce extends ReapedCounts {
  readonly failure?: unknown;
}

/**
 * A sweep by bounded statements, two at a time: one process of the server writes for each, and each gets other rows.
 *
 * It ends with the statement that finds fewer than it may, or with the first that fails.
 */
export async function reapAtOnce(reap: NonNullable<ExecutionStore["reap"]>, sweep: ReapSweep): Promise<SweptAtOnce> {
  const counts = { found: 0, reaped: 0 };
  const sideBySide = sweep.limit < WORTH_SHARING ? 1 : 2;
  const share = Math.min(Math.ceil(sweep.limit / sideBySide), LARGEST_SHARE);
  let left = sweep.limit;
  const reapShares = async (): Promise<void> => {
    while (left > 0) {
      const limit = Math.min(share, left);
      left -= limit;
      const { found, reaped } = await reap({ ...sweep, limit }).catch((thrown: unknown) => {
        left = 0;
        throw thrown;
      });
      counts.found += found;
      counts.reaped += reaped;
      if (found < limit) left = 0;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: sideBySide }, reapShares));
  const failed = ends.find((end) => end.status === "rejected");
  return { ...counts, ...(failed && { failure: failed.reason }) };
}
