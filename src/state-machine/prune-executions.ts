import { countProblem, LONGEST_SPAN_MS } from "../domain/bounds.js";
import { type Clock, type EpochMs, systemClock } from "../domain/clock.js";
import { messageOf } from "../domain/errors.js";
import type { Execution, PurchaseLine } from "../domain/execution.js";
import type { InputProblem } from "../domain/input-problem.js";
import { consoleLogger, type Logger } from "../domain/logger.js";
import {
  checkFunctions,
  checkKeys,
  functionProblems,
  type KeysOf,
  lackingProblems,
  nameProblems,
  refuse,
  signalProblems,
} from "../domain/options.js";
import { viewOf } from "../idempotency/execution-view.js";
import type { ExecutionStore } from "../store-port/execution-store.js";
import { type KeepReason, type LineageEnd, type PruneReport, pruneTally } from "./prune-report.js";
import { readLineage, readTrails } from "./read-lineage.js";
import { type Hold, type KnownState, type Lineage, longestHold, type StoredLineage } from "./retention.js";

const A_DAY_MS = 86_400_000;

/** How long a lineage is kept after its last change and after each term: 400 days, so that a year can be audited. */
export const DEFAULT_KEEP_MS = 400 * A_DAY_MS;

/**
 * The shortest `keepMs`: 31 days. A removed request key buys again, so the old basket must not be able to come back. A
 * request lives at most 28 hours (Azure's longest access token), and listings lag for minutes. A term may end up to
 * three days after its 8760 or 26280 hours: clouds count leap days, and a term of Google Cloud begins at the next
 * midnight in Los Angeles. Queues need the longest time, because they may deliver a message again: SQS keeps it for 14
 * days, Pub/Sub for 31.
 */
export const MIN_KEEP_MS = 31 * A_DAY_MS;

/** Options of {@link pruneExecutions}. */
export interface PruneOptions {
  /** How long a lineage is kept after its last change and after each term. Default {@link DEFAULT_KEEP_MS}, at least {@link MIN_KEEP_MS}. */
  readonly keepMs?: number;
  /** The most executions that one call lists. A lineage is judged when its first execution is listed. Default 500. */
  readonly limit?: number;
  /** `nextCursor` of the call before. */
  readonly cursor?: string | undefined;
  /** Only reports what would be removed. */
  readonly dryRun?: boolean;
  /** Stops between two lineages. */
  readonly signal?: AbortSignal;
  /** This machine's clock. It decides which lineages to try; the store's own clock decides what is removed. */
  readonly clock?: Clock;
  /** Who removes, for the log. Default `"pruner"`. */
  readonly actor?: string;
  readonly logger?: Logger;
  /**
   * What the caller knows of a line's commitment beyond the stored facts. `live` keeps it, whatever its term says: it
   * was renewed, extended or exchanged at the cloud. `ended` lets it go as if it had been withdrawn: it was returned,
   * or is no longer renewed.
   */
  readonly knownState?: (line: PurchaseLine) => KnownState;
  /**
   * Called and awaited before a lineage is removed. If it throws, the lineage is kept. It may be called again for a
   * lineage that was not removed after all.
   */
  readonly archive?: (lineage: Lineage) => Promise<void>;
}

const KNOWN: KeysOf<PruneOptions> = {
  keepMs: true,
  limit: true,
  cursor: true,
  dryRun: true,
  signal: true,
  clock: true,
  actor: true,
  logger: true,
  knownState: true,
  archive: true,
};

/**
 * Removes lineages that are no longer needed, with their lines, claims and audit trail.
 *
 * A lineage (an execution and all its retries) is removed whole or kept whole. It is kept while one of its executions
 * is open, in doubt or not labeled, while the term of one of its commitments runs, and for `keepMs` after all that.
 * Stored times decide. A removal also needs the store's clock to have passed these times, so a machine with a wrong
 * clock removes nothing that is live. A lineage that changes at the same time is kept.
 *
 * Options that are unknown or out of range are refused with `INVALID_REQUEST`. A lineage that fails never stops the
 * others. If the listing fails, the call throws that error. The store's role needs the right to delete.
 */
export async function pruneExecutions(store: ExecutionStore, options: PruneOptions = {}): Promise<PruneReport> {
  checkFunctions("store", store, ["history", "remove"]);
  const sweep = startSweep(store, options);
  const tally = pruneTally();
  let cursor = options.cursor;
  for (let left = sweep.limit; left > 0; ) {
    const page = await store.history({
      createdBefore: sweep.now - sweep.keepMs,
      limit: Math.min(left, MAX_PAGE),
      ...(cursor !== undefined && { cursor }),
    });
    for (const root of page.executions.filter(({ retryOf }) => retryOf === null)) {
      if (sweep.signal?.aborted) return tally.report(cursor);
      tally.count(await pruneLineage(sweep, root));
    }
    left -= page.executions.length;
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return tally.report(cursor);
}

/** The most executions on a page of history. */
const MAX_PAGE = 200;

type Sweep = ReturnType<typeof startSweep>;

/** The options with every default filled in. */
function startSweep(store: ExecutionStore, options: PruneOptions) {
  checkKeys("options", options, KNOWN);
  refuse([...problemsOf(options)]);
  const { keepMs = DEFAULT_KEEP_MS, limit = 500, actor = "pruner", logger = consoleLogger, dryRun = false } = options;
  const { signal, archive, knownState = () => undefined, clock = systemClock } = options;
  return { store, keepMs, limit, actor, logger, dryRun, signal, archive, knownState, now: clock.now() };
}

function* problemsOf(options: PruneOptions): Generator<InputProblem> {
  const { keepMs = DEFAULT_KEEP_MS, limit = 500, dryRun = false } = options;
  if (!(typeof keepMs === "number" && keepMs >= MIN_KEEP_MS && keepMs <= LONGEST_SPAN_MS))
    yield {
      path: "keepMs",
      problem: `must lie between ${MIN_KEEP_MS} (31 days) and ${LONGEST_SPAN_MS}, got ${keepMs}`,
    };
  const limitProblem = countProblem(limit);
  if (limitProblem !== undefined) yield { path: "limit", problem: `${limitProblem}, got ${limit}` };
  if (typeof dryRun !== "boolean") yield { path: "dryRun", problem: "must be true or false" };
  yield* nameProblems("actor", options.actor);
  yield* signalProblems("signal", options.signal);
  yield* functionProblems("archive", options.archive);
  yield* functionProblems("knownState", options.knownState);
  yield* lackingProblems("clock", options.clock, ["now"]);
  yield* lackingProblems("logger", options.logger, ["info", "warn", "error"]);
}

async function pruneLineage(sweep: Sweep, root: Execution): Promise<LineageEnd> {
  try {
    return await removeUnlessHeld(sweep, root);
  } catch (thrown) {
    sweep.logger.error("Pruning a lineage failed", { executionId: root.id, error: messageOf(thrown) });
    return { kind: "errored" };
  }
}

async function removeUnlessHeld(sweep: Sweep, root: Execution): Promise<LineageEnd> {
  const executions = await readLineage(sweep.store, root);
  if (executions === undefined) return kept(root, "changed");
  const first = longestHold({ executions, events: [] }, sweep);
  if (isHeld(first, sweep)) return heldBy(first);
  // Trails are long, so only the trails of lineages that may be removed are read.
  const lineage = { executions, events: await readTrails(sweep.store, executions) };
  const hold = longestHold(lineage, sweep);
  if (isHeld(hold, sweep)) return heldBy(hold);
  return sweep.dryRun ? { kind: "removed", executions: executions.length } : removeLineage(sweep, lineage, hold);
}

const isHeld = ({ until }: Hold, { now }: Sweep): boolean => until === null || until > now;

async function removeLineage(sweep: Sweep, lineage: StoredLineage, { until }: Hold): Promise<LineageEnd> {
  const [root] = lineage.executions;
  if (root === undefined || until === null)
    throw new TypeError("only a lineage whose hold ends at a known time can be removed");
  if (!(await archived(sweep, lineage, root))) return kept(root, "not_archived");
  const executions = lineage.executions.map(({ id, version }) => ({ executionId: id, version }));
  if (!(await sweep.store.remove({ executions, notBefore: until })))
    return (await isUnchanged(sweep.store, lineage)) ? kept(root, "store_clock", until) : kept(root, "changed");
  const executionIds = executions.map(({ executionId }) => executionId);
  sweep.logger.info("Removed a lineage that is no longer needed", { executionIds, actor: sweep.actor });
  return { kind: "removed", executions: executions.length };
}

async function archived({ archive, logger }: Sweep, lineage: StoredLineage, root: Execution): Promise<boolean> {
  try {
    await archive?.({ ...lineage, executions: lineage.executions.map(viewOf) });
    return true;
  } catch (thrown) {
    logger.error("Archiving a lineage failed, so the lineage is kept", {
      executionId: root.id,
      error: messageOf(thrown),
    });
    return false;
  }
}

async function isUnchanged(store: ExecutionStore, { executions }: StoredLineage): Promise<boolean> {
  for (const { id, version } of executions) if ((await store.get(id))?.version !== version) return false;
  return true;
}

const kept = ({ id }: Execution, reason: KeepReason, until?: EpochMs): LineageEnd => ({
  kind: "kept",
  lineage: { executionId: id, reason, ...(until !== undefined && { until }) },
});

const heldBy = ({ until, ...hold }: Hold): LineageEnd => ({
  kind: "kept",
  lineage: { ...hold, ...(until !== null && { until }) },
});
