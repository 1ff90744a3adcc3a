import pLimit from "p-limit";
import { messageOf } from "../domain/errors.js";
import type { EngineContext } from "./engine-options.js";
import { type RunOptions, runExecution } from "./run-execution.js";

/** What one batch of reconciling did. */
export interface ReconcileReport {
  readonly found: number;
  /** No longer in doubt. */
  readonly settled: number;
  readonly stillInDoubt: number;
  readonly errored: number;
}

/** Reconciles executions in doubt that are due, at most `limit`; a failing one never stops the others. */
export async function reconcileMany(
  context: EngineContext,
  limit: number,
  options: RunOptions = {},
): Promise<ReconcileReport> {
  const due = (await context.store.due({ limit })).filter(({ status }) => status === "in_doubt");
  const concurrently = pLimit(context.concurrency);
  const ends = await Promise.all(
    due.map(({ executionId }) => concurrently(() => reconcileOne(context, executionId, options))),
  );
  const count = (end: ReconcileEnd) => ends.filter((one) => one === end).length;
  return {
    found: due.length,
    settled: count("settled"),
    stillInDoubt: count("stillInDoubt"),
    errored: count("errored"),
  };
}

type ReconcileEnd = "settled" | "stillInDoubt" | "errored";

async function reconcileOne(context: EngineContext, executionId: string, options: RunOptions): Promise<ReconcileEnd> {
  try {
    const execution = await runExecution(context, executionId, "reconcile", options);
    return execution.status === "in_doubt" ? "stillInDoubt" : "settled";
  } catch (thrown) {
    context.logger.error("Reconciling an execution failed", { executionId, error: messageOf(thrown) });
    return "errored";
  }
}
