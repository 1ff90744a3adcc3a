import pLimit from "p-limit";
import type { ExecutionStore, ReapedCounts, ReapSweep } from "../store-port/execution-store.js";

/** The most that one statement reaps: the server sorts them in memory, and they are locked until it ends. */
const LARGEST_SHARE = 50_000;
/** Below this a second statement costs more than it saves. */
const WORTH_SHARING = 10_000;

/** What the statements of a sweep did, and the first failure of one, if any. */
export interface SweptAtOnce extends ReapedCounts {
  readonly failure?: unknown;
}

/** A sweep by bounded statements, two at a time: one process of the server writes for each, and each gets other rows. */
export async function reapAtOnce(reap: NonNullable<ExecutionStore["reap"]>, sweep: ReapSweep): Promise<SweptAtOnce> {
  const sideBySide = pLimit(2);
  const ends = await Promise.allSettled(
    sharesOf(sweep.limit).map((limit) => sideBySide(() => reap({ ...sweep, limit }))),
  );
  const counts = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
  const failed = ends.find((end) => end.status === "rejected");
  return {
    found: counts.reduce((sum, share) => sum + share.found, 0),
    reaped: counts.reduce((sum, share) => sum + share.reaped, 0),
    ...(failed && { failure: failed.reason }),
  };
}

function sharesOf(limit: number): readonly number[] {
  const shares = limit < WORTH_SHARING ? 1 : Math.max(2, Math.ceil(limit / LARGEST_SHARE));
  return Array.from({ length: shares }, (_, share) => Math.floor((limit + share) / shares));
}
