import pLimit from "p-limit";
import type { EpochMs } from "../domain/clock.js";
import { isBuyonceError, messageOf } from "../domain/errors.js";
import { type ReapReport, reapStuckExecutions } from "../state-machine/reap-stuck-executions.js";
import { transitionExecutionStatus } from "../state-machine/transition-execution-status.js";
import type { DueExecution } from "../store-port/execution-store.js";
import type { EngineContext } from "./engine-options.js";
import { labelLater } from "./label-later.js";
import { runExecution } from "./run-execution.js";

/** Bounds of one round. */
export interface TickOptions {
  /** At most so many executions of each kind of work. Default 50. */
  readonly limit?: number;
  /** No new execution is begun after this, by the engine's clock. */
  readonly deadline?: EpochMs;
  readonly signal?: AbortSignal;
}

/** What one round did. */
export interface TickReport {
  readonly expired: number;
  readonly fired: number;
  /** Approved executions, and running ones whose worker is gone, that were run. */
  readonly ran: number;
  readonly reconciled: number;
  readonly labeled: number;
  readonly reaped: ReapReport;
  /** Executions whose work threw; the round went on. */
  readonly errors: readonly TickError[];
  /** Whether more work was due than `limit` or `deadline` let through. */
  readonly more: boolean;
}

/** What went wrong with one execution. */
export interface TickError {
  readonly executionId: string;
  readonly error: unknown;
}

type Work = "expired" | "fired" | "ran" | "reconciled";

/**
 * One bounded round of everything that moves by itself: expire, fire what is due, run what is approved or was left by
 * a dead worker, reconcile what is in doubt, label, reap.
 *
 * Call it from a scheduler of your own, from as many processes as you like. Reaping waits for a round that reaches
 * every due execution, so a backlog never turns healthy work into failures.
 */
export async function tickOnce(
  context: EngineContext,
  { limit = 50, deadline, signal = new AbortController().signal }: TickOptions = {},
): Promise<TickReport> {
  const due = await context.store.due({ limit });
  const counts: Record<Work, number> = { expired: 0, fired: 0, ran: 0, reconciled: 0 };
  const errors: TickError[] = [];
  let begun = 0;
  const concurrently = pLimit(context.concurrency);
  await Promise.all(
    due.map((one) =>
      concurrently(async () => {
        if (signal.aborted || (deadline !== undefined && context.clock.now() >= deadline)) return;
        begun += 1;
        const work = await advance(context, one, signal).catch((error: unknown) =>
          reportError(context, errors, one, error),
        );
        if (work !== undefined) counts[work] += 1;
      }),
    ),
  );
  const labeled = await labelLater(context, { limit, signal });
  const more = due.length >= limit || begun < due.length;
  const reaped = more
    ? NOTHING_REAPED
    : await reapStuckExecutions(context.store, { ...context, limit, signal, actor: context.worker });
  return { ...counts, labeled, reaped, errors, more };
}

const NOTHING_REAPED: ReapReport = { found: 0, reaped: 0, raceLost: 0, errored: 0 };

async function advance(
  context: EngineContext,
  { executionId, status }: DueExecution,
  signal: AbortSignal,
): Promise<Work | undefined> {
  if (status === "pending" || status === "notified") {
    await transitionExecutionStatus(context.store, {
      executionId,
      from: ["pending", "notified"],
      to: "expired",
      kind: "expired",
      actor: context.worker,
      reason: "Nobody approved in time.",
    });
    return "expired";
  }
  if (status === "scheduled") {
    await transitionExecutionStatus(context.store, {
      executionId,
      from: ["scheduled"],
      to: "approved",
      kind: "approved",
      actor: context.worker,
      reason: "Its time has come.",
      wakeAt: null,
    });
    await runExecution(context, executionId, "run", { signal });
    return "fired";
  }
  await runExecution(context, executionId, "run", { signal });
  return status === "in_doubt" ? "reconciled" : "ran";
}

function reportError(
  context: EngineContext,
  errors: TickError[],
  { executionId }: DueExecution,
  error: unknown,
): undefined {
  // Somebody else moved it first: a normal end of a race.
  if (isBuyonceError(error, "EXECUTION_NOT_IN_EXPECTED_STATUS")) return;
  errors.push({ executionId, error });
  context.logger.error("Tick could not bring an execution on", { executionId, error: messageOf(error) });
}
