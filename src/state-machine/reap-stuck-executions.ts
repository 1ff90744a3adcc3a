import { requireCount, requireSpan } from "../domain/bounds.js";
import { messageOf } from "../domain/errors.js";
import type { Execution } from "../domain/execution.js";
import type { ExecutionStatus } from "../domain/execution-status.js";
import { consoleLogger, type Logger } from "../domain/logger.js";
import {
  checkFunctions,
  checkKeys,
  type KeysOf,
  lackingProblems,
  nameProblems,
  refuse,
  signalProblems,
} from "../domain/options.js";
import type {
  CommitResult,
  ExecutionStore,
  LineProof,
  ReapSweep,
  ReapVerdict,
  StuckExecution,
} from "../store-port/execution-store.js";
import { reapAtOnce, type SweptAtOnce } from "./reap-at-once.js";
import { SETTLED_STATUS, settle } from "./settle.js";
import { canTransition } from "./transitions.js";

/** How long an execution may be without a worker before it is reaped: 10 minutes. */
export const DEFAULT_REAP_AFTER_MS = 600_000;

/** The default first pause of an engine after a failed attempt. The reap age must be longer than this pause. */
export const DEFAULT_RETRY_DELAY_MS = 30_000;

/** Options of {@link reapStuckExecutions}. */
export interface ReapOptions {
  /** Must be positive, because 0 would reap live work. Default {@link DEFAULT_REAP_AFTER_MS}. */
  readonly reapAfterMs?: number;
  /** The most executions in one sweep, oldest first. Default 100. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
  /** Who reaps, for the audit trail. Default `"reaper"`. */
  readonly actor?: string;
  /** Default: warnings and errors to the console. */
  readonly logger?: Logger;
}

const KNOWN: KeysOf<ReapOptions> = { reapAfterMs: true, limit: true, signal: true, actor: true, logger: true };

/** What one sweep did. */
export interface ReapReport {
  readonly found: number;
  readonly reaped: number;
  /** Executions that another caller moved between the listing and our compare-and-swap. That is normal. */
  readonly raceLost: number;
  /** Rows whose change threw. The sweep went on. */
  readonly errored: number;
}

/**
 * Moves `approved` and `running` executions that nobody works on to what their lines prove, without calling a cloud.
 *
 * An execution becomes `failed` if nothing was sent, `partially_completed` or `completed` if only the settling was
 * lost, and `in_doubt` if a line may have been bought unseen. Executions with a live lease, younger ones and other
 * statuses are untouched.
 *
 * Each row is moved by compare-and-swap with its audit event. A store that can moves thousands of rows in one
 * statement. A lost race or a failing row never stops the others. If the listing fails, the sweep throws that error.
 * Options that are unknown or out of range are refused with `INVALID_REQUEST`.
 */
export async function reapStuckExecutions(store: ExecutionStore, options: ReapOptions = {}): Promise<ReapReport> {
  checkFunctions("store", store, ["stuck", "commit"]);
  checkKeys("options", options, KNOWN);
  refuse([
    ...nameProblems("actor", options.actor),
    ...signalProblems("signal", options.signal),
    ...lackingProblems("logger", options.logger, ["info", "warn", "error"]),
  ]);
  const { actor = "reaper", logger = consoleLogger } = options;
  const reapAfterMs = requireSpan("reapAfterMs", options.reapAfterMs ?? DEFAULT_REAP_AFTER_MS);
  const limit = requireCount("limit", options.limit ?? 100);
  const sweep = { olderThanMs: reapAfterMs, limit, actor };
  const swept = options.signal?.aborted ? undefined : await sweepAtOnce(store, sweep);
  const report = { found: swept?.found ?? 0, reaped: swept?.reaped ?? 0, raceLost: 0, errored: 0 };
  report.raceLost = report.found - report.reaped;
  if (swept !== undefined && !("failure" in swept)) return report;
  if (swept !== undefined)
    logger.warn("Reaping at once failed; the executions are reaped one by one", { error: messageOf(swept.failure) });
  const stuck = await store.stuck({ olderThanMs: reapAfterMs, limit: limit - report.reaped });
  report.found += stuck.length;
  for (const one of stuck) {
    if (options.signal?.aborted) break;
    report[await reapOne(store, one, actor, logger)] += 1;
  }
  return report;
}

/** The part of a reaped execution's reason that tells about its lines, and whether a retry is safe. */
const BECAUSE = {
  failed: "nothing was bought, a retry is safe.",
  canceled: "every line was canceled and only the settling was lost, nothing was bought.",
  in_doubt: "a purchase may have landed unseen, reconcile settles it, no retry before that.",
  partially_completed: "the committed lines stay, the others were not bought, a retry of those is safe.",
  completed: "every line is committed and only the settling was lost, no retry is needed.",
} as const;

const REAPABLE: readonly ExecutionStatus[] = ["approved", "running"];
const PROOFS = Object.keys(SETTLED_STATUS) as readonly LineProof[];

/**
 * What becomes of stuck executions, as data. There is a verdict wherever the table allows the move that the lines
 * prove.
 */
const VERDICTS: readonly ReapVerdict[] = REAPABLE.flatMap((from) =>
  PROOFS.map((proof) => ({ from, proof, to: SETTLED_STATUS[proof], because: BECAUSE[SETTLED_STATUS[proof]] })),
).filter(({ from, to }) => canTransition(from, to));

/** The sweep in few statements. `undefined` if the store has no `reap`. */
async function sweepAtOnce(
  store: ExecutionStore,
  sweep: Omit<ReapSweep, "verdicts">,
): Promise<SweptAtOnce | undefined> {
  const { reap } = store;
  return reap && (await reapAtOnce((share) => reap.call(store, share), { ...sweep, verdicts: VERDICTS }));
}

async function reapOne(
  store: ExecutionStore,
  stuck: StuckExecution,
  actor: string,
  logger: Logger,
): Promise<"reaped" | "raceLost" | "errored"> {
  try {
    const result = await moveToProof(store, stuck, actor);
    return result.kind === "moved" ? "reaped" : "raceLost";
  } catch (thrown) {
    logger.error("Reaping an execution failed", { executionId: stuck.execution.id, error: messageOf(thrown) });
    return "errored";
  }
}

async function moveToProof(
  store: ExecutionStore,
  { execution, stuckForMs }: StuckExecution,
  actor: string,
): Promise<CommitResult> {
  const proved = settle(execution.lines);
  // A handed-back execution has no committed line, so an approved one can only be proved failed. Late evidence may have
  // made an exception. Such an execution runs again, because the table does not allow the move.
  if (!canTransition(execution.status, proved)) return { kind: "refused", because: "guard" };
  const reason = reapReason(execution, proved, stuckForMs);
  return store.commit({
    executionId: execution.id,
    guard: { version: execution.version, status: [execution.status], leaseFree: true },
    status: proved,
    reason,
    wakeAt: null,
    lease: { kind: "release" },
    event: { kind: "reaped", actor, reason },
  });
}

const reapReason = (execution: Execution, proved: keyof typeof BECAUSE, stuckForMs: number): string =>
  `Stuck in ${execution.status} for ${Math.round(stuckForMs / 1_000)} s; ${BECAUSE[proved]}`;
