import { requireCount } from "../../domain/bounds.js";
import { checkKeys } from "../../domain/options.js";
import type { EngineContext } from "../engine-options.js";
import { BOUNDS_KEYS, stopOf } from "./run-bounds.js";
import { type DueEnd, runDue } from "./run-due.js";
import type { RunOptions } from "./run-execution.js";

/** What one batch of reconciling did. */
export interface ReconcileReport {
  readonly found: number;
  /** Executions that are no longer in doubt. */
  readonly settled: number;
  readonly stillInDoubt: number;
  readonly errored: number;
}

/** Reconciles executions in doubt that are due, at most `limit`. An execution that fails never stops the others. */
export async function reconcileMany(
  context: EngineContext,
  limit: number,
  options: RunOptions = {},
): Promise<ReconcileReport> {
  checkKeys<RunOptions>("options", options, BOUNDS_KEYS);
  requireCount("limit", limit);
  const stop = stopOf(context.clock, options);
  const { ends } = await runDue(context, { from: ["in_doubt"], mode: "reconcile", limit, stop });
  const count = (end: ReconcileEnd) => ends.filter((one) => endOf(one) === end).length;
  return {
    found: ends.length,
    settled: count("settled"),
    stillInDoubt: count("stillInDoubt"),
    errored: count("errored"),
  };
}

type ReconcileEnd = "settled" | "stillInDoubt" | "errored";

function endOf({ ran, errors }: DueEnd): ReconcileEnd {
  if (ran === undefined || errors.length > 0) return "errored";
  return ran.execution.status === "in_doubt" ? "stillInDoubt" : "settled";
}
