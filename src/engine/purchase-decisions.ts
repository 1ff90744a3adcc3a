import type { AuditEvent } from "../domain/audit-event.js";
import { requireCount } from "../domain/bounds.js";
import type { Execution } from "../domain/execution.js";
import { readTrail } from "../state-machine/read-lineage.js";
import { found } from "../state-machine/transition-execution-status.js";
import type { HistoryPage, HistoryQuery } from "../store-port/execution-store.js";
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
import type { EngineContext } from "./engine-options.js";
import { type Explanation, explainExecution } from "./explain.js";
import { type RetryRequest, retryExecution } from "./retry.js";
import { type Submission, submitExecution } from "./submit.js";

/** What people decide and read. None of it asks a cloud anything, so all of it may be part of an open transaction. */
export interface PurchaseDecisions {
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
  /** Submits what a failed execution did not buy once more, under the same tokens. */
  retry(executionId: string, request: RetryRequest): Promise<Execution>;
  /** What is known, why it will not buy again, what happens next and when. */
  explain(executionId: string): Promise<Explanation>;
  /** Executions, newest first. */
  history(query?: HistoryQuery): Promise<HistoryPage>;
  /** The audit trail of one execution. */
  events(executionId: string): Promise<readonly AuditEvent[]>;
}

/** The decisions over the store of a context; what cannot be is a rejection, never thrown at once. */
export const purchaseDecisions = (context: EngineContext): PurchaseDecisions => ({
  submit: async (submission) => submitExecution(context, submission),
  approve: async (executionId, approval) => approveExecution(context, executionId, approval),
  schedule: async (executionId, scheduling) => scheduleExecution(context, executionId, scheduling),
  pause: async (executionId, pause) => pauseExecution(context, executionId, pause),
  resume: async (executionId, resume) => resumeExecution(context, executionId, resume),
  cancel: async (executionId, cancellation) => cancelExecution(context, executionId, cancellation),
  retry: async (executionId, request) => retryExecution(context, executionId, request),
  explain: async (executionId) => explainExecution(context, await found(context.store, executionId)),
  history: async (query = {}) => {
    if (query.limit !== undefined) requireCount("limit", query.limit);
    return context.store.history(query);
  },
  events: async (executionId) => readTrail(context.store, await found(context.store, executionId)),
});
