import type { ExecutionStore, ReapedCounts, ReapSweep } from "../store-port/execution-store.js";

/**
 * The most executions that one statement reaps. The server sorts them in memory, and they are locked until the
 * statement ends.
 */
const LARGEST_SHARE = 50_000;
/** The fewest executions for which a second statement saves more than it costs. */
const WORTH_SHARING = 10_000;

/** The counts of all statements of a sweep, and the first failure, if any. */
export interface SweptAtOnce extends ReapedCounts {
  readonly failure?: unknown;
}

/**
 * Sweeps by bounded statements, two at a time. One process of the server works for each statement, and each gets other
 * rows.
 *
 * The sweep ends when the statement for the oldest rows finds fewer rows than it may reap, or when a statement fails.
 */
export async function reapAtOnce(reap: NonNullable<ExecutionStore["reap"]>, sweep: ReapSweep): Promise<SweptAtOnce> {
  const counts = { found: 0, reaped: 0 };
  let isWorthSharing = true;
  for (let left = sweep.limit; left > 0; left = sweep.limit - counts.found) {
    const limits = sharesOf(left, isWorthSharing && left >= WORTH_SHARING);
    const shares = limits.map((limit, at) => reap({ ...sweep, limit, passOver: at * (limits[0] ?? 0) }));
    const ends = await Promise.allSettled(shares);
    const swept = ends.map((end) => (end.status === "fulfilled" ? end.value : NOTHING));
    counts.found += sum(swept.map(({ found }) => found));
    counts.reaped += sum(swept.map(({ reaped }) => reaped));
    const failed = ends.find((end) => end.status === "rejected");
    if (failed) return { ...counts, failure: failed.reason };
    const [oldest, younger] = swept.map(({ found }, at) => found === limits[at]);
    if (!oldest) break;
    // Over one connection the second statement runs after the first, and passes over the rows that the first left.
    isWorthSharing = younger === true;
  }
  return counts;
}

const NOTHING: ReapedCounts = { found: 0, reaped: 0 };

/** How many each statement may reap: one, or two side by side. */
function sharesOf(left: number, isShared: boolean): readonly number[] {
  if (!isShared) return [Math.min(left, LARGEST_SHARE)];
  const share = Math.min(Math.ceil(left / 2), LARGEST_SHARE);
  return [share, Math.min(share, left - share)];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
