import type { AuditEvent } from "../domain/audit-event.js";
import type { Execution } from "../domain/execution.js";
import { found } from "../state-machine/transition-execution-status.js";
import type { HistoryPage, HistoryQuery } from "../store-port/execution-store.js";
import { cancelQueuedPurchase, type QueuedCancellation } from "./cancel-queued.js";
import {
  type Approval,
  approveExecution,
  type Cancellation,
  cancelExecution,
  pauseExecution,
  resumeExecution,
  type Scheduling,
  scheduleExecution,
} from "./decisions.js";
import { type EngineContext, engineContext, type PurchaseEngineOptions } from "./engine-options.js";
import { type Explanation, explainExecution } from "./explain.js";
import { type ReconcileReport, reconcileMany } from "./reconcile.js";
import { type Resolution, resolveLine } from "./resolve.js";
import { type RetryRequest, retryExecution } from "./retry.js";
import { type RunOptions, runExecution } from "./run-execution.js";
import { type Submission, submitExecution } from "./submit.js";
import { type TickOptions, type TickReport, tickOnce } from "./tick.js";

/** Buys baskets of commitments so that no line is ever bought twice and no purchase is lost. */
export interface PurchaseEngine {
  /** Stores a basket, pending approval. The same request key again gives the same execution, whatever its status. */
  submit(submission: Submission): Promise<Execution>;
  /** Lets an execution be bought by the next run or tick. */
  approve(executionId: string, approval: Approval): Promise<Execution>;
  /** Approves an execution for a later time, at which tick runs it. */
  schedule(executionId: string, scheduling: Scheduling): Promise<Execution>;
  /** Sets an execution that waits for approval aside. */
  pause(executionId: string, pause: { readonly pausedBy: string; readonly reason?: string }): Promise<Execution>;
  /** Brings a paused execution back. */
  resume(executionId: string, resume: { readonly resumedBy: string }): Promise<Execution>;
  /** Withdraws an execution of which nothing was bought. */
  cancel(executionId: string, cancellation: Cancellation): Promise<Execution>;
  /** Claims an execution, buys every line once, settles. Ended or held executions are returned untouched. */
  run(executionId: string, options?: RunOptions): Promise<Execution>;
  /** Submits what a failed execution did not buy once more, under the same tokens. */
  retry(executionId: string, request: RetryRequest): Promise<Execution>;
  /** Ends the doubts of one execution as far as the cloud's answers allow. */
  reconcile(executionId: string, options?: RunOptions): Promise<Execution>;
  /** The same for up to `limit` executions that are due. */
  reconcile(batch: { readonly limit: number }, options?: RunOptions): Promise<ReconcileReport>;
  /** Withdraws a purchase that was queued (`holdMs`) before it starts. */
  cancelQueued(executionId: string, lineIndex: number, cancellation: QueuedCancellation): Promise<Execution>;
  /** Settles a line in doubt by a person's evidence. */
  resolve(executionId: string, lineIndex: number, resolution: Resolution): Promise<Execution>;
  /** One bounded round of all recovery work. */
  tick(options?: TickOptions): Promise<TickReport>;
  /** What is known, why it will not buy again, what happens next and when. */
  explain(executionId: string): Promise<Explanation>;
  /** Executions, newest first. */
  history(query?: HistoryQuery): Promise<HistoryPage>;
  /** The audit trail of one execution. */
  events(executionId: string): Promise<readonly AuditEvent[]>;
}

/**
 * Makes an engine over a store and the providers of the services it may buy.
 *
 * It has no timers and starts nothing by itself: call `run` from a queue, `tick` from a scheduler. Any number of
 * engines, in any number of processes, may share a store. `INVALID_REQUEST` for options out of range.
 */
export function createPurchaseEngine(options: PurchaseEngineOptions): PurchaseEngine {
  const context = engineContext(options);
  function reconcile(executionId: string, options?: RunOptions): Promise<Execution>;
  function reconcile(batch: { readonly limit: number }, options?: RunOptions): Promise<ReconcileReport>;
  function reconcile(
    what: string | { readonly limit: number },
    options?: RunOptions,
  ): Promise<Execution | ReconcileReport> {
    return typeof what === "string"
      ? runExecution(context, what, "reconcile", options)
      : reconcileMany(context, what.limit, options);
  }
  return {
    submit: (submission) => submitExecution(context, submission),
    approve: (executionId, approval) => approveExecution(context, executionId, approval),
    schedule: (executionId, scheduling) => scheduleExecution(context, executionId, scheduling),
    pause: (executionId, pause) => pauseExecution(context, executionId, pause),
    resume: (executionId, resume) => resumeExecution(context, executionId, resume),
    cancel: (executionId, cancellation) => cancelExecution(context, executionId, cancellation),
    run: (executionId, options) => runExecution(context, executionId, "run", options),
    retry: (executionId, request) => retryExecution(context, executionId, request),
    reconcile,
    cancelQueued: (executionId, lineIndex, cancellation) =>
      cancelQueuedPurchase(context, { executionId, lineIndex }, cancellation),
    resolve: (executionId, lineIndex, resolution) => resolveLine(context, executionId, lineIndex, resolution),
    tick: (options) => tickOnce(context, options),
    explain: async (executionId) => explainExecution(context, await found(context.store, executionId)),
    history: (query = {}) => context.store.history(query),
    events: (executionId) => wholeTrail(context, executionId),
  };
}

async function wholeTrail({ store }: EngineContext, executionId: string): Promise<readonly AuditEvent[]> {
  await found(store, executionId);
  const trail: AuditEvent[] = [];
  for (;;) {
    const page = await store.events(executionId, { afterVersion: trail.at(-1)?.version ?? 0 });
    if (page.length === 0) return trail;
    trail.push(...page);
  }
}
