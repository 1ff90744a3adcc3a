import type { AuditEvent } from "../../domain/audit-event.js";
import { requireCount } from "../../domain/bounds.js";
import type { Execution, ExecutionView } from "../../domain/execution.js";
import { byExecutionId } from "../../domain/execution-id.js";
import { checkKeys } from "../../domain/options.js";
import { viewOf } from "../../idempotency/execution-view.js";
import { readTrail } from "../../state-machine/read-lineage.js";
import type { HistoryPage, HistoryQuery } from "../../store-port/execution-store.js";
import type { EngineContext } from "../engine-options.js";
import { type Explanation, explainExecution } from "../explain.js";
import { type Approval, approveExecution, type Scheduling, scheduleExecution } from "./approve.js";
import { type Cancellation, cancelExecution } from "./cancel.js";
import { type DecisionByToken, decideByToken } from "./decide-by-token.js";
import {
  type DecisionTokenRequest,
  type IssuedDecisionToken,
  issueDecisionToken,
  revokeDecisionTokens,
  type TokenRevocation,
} from "./decision-tokens.js";
import type { LinkOutcome } from "./link-decision.js";
import { markNotified, type Notification } from "./mark-notified.js";
import type { Overlap } from "./needs-of.js";
import { type Pause, pauseExecution, type Resumption, resumeExecution } from "./pause.js";
import { type Reading, readableExecution, readableHistory } from "./reading.js";
import { type RetryRequest, retryExecution } from "./retry.js";
import { type Submission, submitExecution } from "./submit.js";

/** One page of history, newest first, without lineage keys. */
export type HistoryView = Omit<HistoryPage, "executions"> & { readonly executions: readonly ExecutionView[] };

/** The execution of a basket. */
export type Submitted = ExecutionView & {
  /** Whether this call stored the basket. False if the request key had it already. */
  readonly created: boolean;
  /** Other baskets for the same needs that wait for approval, as they were when this one was submitted. */
  readonly overlaps: readonly Overlap[];
};

/** What a link has done, with the execution as it is now. */
export type DecidedByToken = LinkOutcome<ExecutionView>;

/** What people decide and read. No call of these asks a cloud anything, so each may be part of an open transaction. */
export interface PurchaseDecisions {
  /**
   * Stores a basket, pending approval. A second call with the same request key returns the same execution, whatever its
   * status.
   */
  submit(submission: Submission): Promise<Submitted>;
  /** Lets the next run or tick buy an execution. It also renews an approval that has run out. */
  approve(executionId: string, approval: Approval): Promise<ExecutionView>;
  /** Approves an execution for a later time, at which tick runs it. */
  schedule(executionId: string, scheduling: Scheduling): Promise<ExecutionView>;
  /** Pauses an execution that waits for approval. */
  pause(executionId: string, pause: Pause): Promise<ExecutionView>;
  /** Brings a paused execution back. */
  resume(executionId: string, resumption: Resumption): Promise<ExecutionView>;
  /** Withdraws the lines of an execution that are not bought, in every status that has not ended. */
  cancel(executionId: string, cancellation: Cancellation): Promise<ExecutionView>;
  /** Submits again, under the same tokens, the lines that a failed execution did not buy. */
  retry(executionId: string, request: RetryRequest): Promise<ExecutionView>;
  /** Records that the approvers know that an execution waits for them. */
  markNotified(executionId: string, notification: Notification): Promise<ExecutionView>;
  /** Makes a token for a link, by which its recipient approves or cancels once. The secret is shown here alone. */
  issueDecisionToken(executionId: string, request: DecisionTokenRequest): Promise<IssuedDecisionToken>;
  /** Decides as a link says. After anybody has decided, it shows the outcome and changes nothing. */
  decideByToken(token: string, decision?: DecisionByToken): Promise<DecidedByToken>;
  /** Ends all tokens of an execution that nobody has used. */
  revokeDecisionTokens(executionId: string, revocation: TokenRevocation): Promise<ExecutionView>;
  /** The execution as it is now. */
  get(executionId: string, reading?: Reading): Promise<ExecutionView>;
  /** Explains what is known, why the execution will not buy again, what happens next and when. */
  explain(executionId: string, reading?: Reading): Promise<Explanation>;
  /** Executions, newest first; for a reader, those that the reader may see. */
  history(query?: HistoryQuery, reading?: Reading): Promise<HistoryView>;
  /** The audit trail of one execution. */
  events(executionId: string, reading?: Reading): Promise<readonly AuditEvent[]>;
}

/** The decisions over the store of a context. A refused call rejects its promise; it never throws synchronously. */
export const purchaseDecisions = (context: EngineContext): PurchaseDecisions => ({
  submit: async (submission) => {
    const { execution, ...facts } = await submitExecution(context, submission);
    return { ...viewOf(execution), ...facts };
  },
  approve: byExecutionId((executionId, approval) => viewed(approveExecution(context, executionId, approval))),
  schedule: byExecutionId((executionId, scheduling) => viewed(scheduleExecution(context, executionId, scheduling))),
  pause: byExecutionId((executionId, pause) => viewed(pauseExecution(context, executionId, pause))),
  resume: byExecutionId((executionId, resumption) => viewed(resumeExecution(context, executionId, resumption))),
  cancel: byExecutionId((executionId, cancellation) => viewed(cancelExecution(context, executionId, cancellation))),
  retry: byExecutionId((executionId, request) => viewed(retryExecution(context, executionId, request))),
  markNotified: byExecutionId((executionId, notification) => viewed(markNotified(context, executionId, notification))),
  issueDecisionToken: byExecutionId((executionId, request) => issueDecisionToken(context, executionId, request)),
  decideByToken: async (token, decision) => {
    const { kind, execution } = await decideByToken(context, token, decision);
    return { kind, execution: viewOf(execution) };
  },
  revokeDecisionTokens: byExecutionId((executionId, revocation) =>
    viewed(revokeDecisionTokens(context, executionId, revocation)),
  ),
  get: byExecutionId((executionId, reading) => viewed(readableExecution(context, executionId, reading))),
  explain: byExecutionId(async (executionId, reading) =>
    explainExecution(context, await readableExecution(context, executionId, reading)),
  ),
  history: async (query = {}, reading) => historyOf(context, query, reading),
  events: byExecutionId(async (executionId, reading) =>
    readTrail(context.store, await readableExecution(context, executionId, reading)),
  ),
});

/**
 * The execution as it leaves the engine, without its lineage key. The key gives every token away, so only the store and
 * the engine know it.
 */
export const viewed = async (decided: Promise<Execution>): Promise<ExecutionView> => viewOf(await decided);

async function historyOf(context: EngineContext, query: HistoryQuery, reading?: Reading): Promise<HistoryView> {
  checkKeys<HistoryQuery>("query", query, {
    status: true,
    provider: true,
    account: true,
    createdBy: true,
    source: true,
    planId: true,
    commitmentId: true,
    createdFrom: true,
    createdBefore: true,
    limit: true,
    cursor: true,
  });
  if (query.limit !== undefined) requireCount("limit", query.limit);
  const page = await readableHistory(context, query, reading);
  return { ...page, executions: page.executions.map(viewOf) };
}
