// The engine.

// Evidence and audit.
export type { AuditEvent, AuditEventKind } from "./domain/audit-event.js";
export { type Clock, type EpochMs, systemClock } from "./domain/clock.js";
export type { AwsDedicatedHostsRequest } from "./domain/commitment-request/aws-dedicated-hosts.js";
export type { AwsEc2Request } from "./domain/commitment-request/aws-ec2.js";
export type { AwsElastiCacheRequest } from "./domain/commitment-request/aws-elasticache.js";
export type { AwsMemoryDbRequest } from "./domain/commitment-request/aws-memorydb.js";
export type { AwsOpenSearchRequest } from "./domain/commitment-request/aws-opensearch.js";
export type { AwsRdsRequest } from "./domain/commitment-request/aws-rds.js";
export type { AwsRedshiftRequest } from "./domain/commitment-request/aws-redshift.js";
export type { AwsRedshiftServerlessRequest } from "./domain/commitment-request/aws-redshift-serverless.js";
export type { AwsSavingsPlansRequest } from "./domain/commitment-request/aws-savings-plans.js";
export type { AzureScope } from "./domain/commitment-request/azure-common.js";
export type { AzureReservationsRequest } from "./domain/commitment-request/azure-reservations.js";
export type { AzureSavingsPlansRequest } from "./domain/commitment-request/azure-savings-plans.js";
// What can be bought.
export { type CommitmentRequest, parseCommitmentRequests } from "./domain/commitment-request/commitment-request.js";
export type { Payment, Term } from "./domain/commitment-request/common.js";
export type { CustomRequest } from "./domain/commitment-request/custom.js";
export type { GcpComputeRequest, GcpResources } from "./domain/commitment-request/gcp-compute.js";
export { BuyonceError, ERROR_CODES, type ErrorCode, isBuyonceError } from "./domain/errors.js";
export type { Commitment, Doubt, LastError, Prepared, Rejection, SaidAbsent, WithdrawnBy } from "./domain/evidence.js";
// Executions and their state machine.
export type {
  Execution as StoredExecution,
  ExecutionView as Execution,
  Lease,
  LineProgress,
  PlanStep,
  PurchaseLine,
} from "./domain/execution.js";
export { EXECUTION_STATUSES, type ExecutionStatus } from "./domain/execution-status.js";
export type { IdempotencyContract } from "./domain/idempotency-contract.js";
export { LINE_STATES, type LineState } from "./domain/line-state.js";
export { consoleLogger, type Logger, silentLogger } from "./domain/logger.js";
export type { Money } from "./domain/money.js";
export type { Approval, Scheduling } from "./engine/decisions/approve.js";
export type { Cancellation } from "./engine/decisions/cancel.js";
export type { QueuedCancellation } from "./engine/decisions/cancel-queued.js";
export type { Pause, Resumption } from "./engine/decisions/pause.js";
export type { HistoryView, PurchaseDecisions } from "./engine/decisions/purchase-decisions.js";
export type { Resolution } from "./engine/decisions/resolve.js";
export type { RetryRequest } from "./engine/decisions/retry.js";
export type { Submission } from "./engine/decisions/submit.js";
export type { PurchaseEngineOptions } from "./engine/engine-options.js";
export type { Explanation, LineExplanation } from "./engine/explain.js";
export { createPurchaseEngine, type PurchaseEngine } from "./engine/purchase-engine.js";
export type { ReconcileReport } from "./engine/run/reconcile-due.js";
export type { RunOptions } from "./engine/run/run-execution.js";
export type { TickError, TickOptions, TickReport } from "./engine/run/tick.js";
// Tokens.
export { deriveIdempotencyToken } from "./idempotency/derive-idempotency-token.js";
export { fingerprint } from "./idempotency/fingerprint.js";
export { maskToken } from "./idempotency/mask-token.js";
export { commitmentName, idempotencyGuid, reservationId, uuidV4Shaped } from "./idempotency/token-formats.js";
export type * from "./providers/commitment-provider.js";
export type { PurchasePermit, WonWriteAhead } from "./providers/purchase-permit.js";
export {
  answerOf,
  type NamedPurchase,
  type StateFacts,
  type StateRow,
  type StateTable,
  sightingIn,
} from "./providers/state-table.js";
export type { StatusTransition } from "./state-machine/check-move.js";
export { DEFAULT_KEEP_MS, MIN_KEEP_MS, type PruneOptions, pruneExecutions } from "./state-machine/prune-executions.js";
export type { KeepReason, KeptLineage, PruneReport } from "./state-machine/prune-report.js";
export { reapAfterFromEnv } from "./state-machine/reap-after-from-env.js";
export {
  DEFAULT_REAP_AFTER_MS,
  type ReapOptions,
  type ReapReport,
  reapStuckExecutions,
} from "./state-machine/reap-stuck-executions.js";
export type { HoldReason, KnownState, Lineage } from "./state-machine/retention.js";
export { settle } from "./state-machine/settle.js";
export { transitionExecutionStatus } from "./state-machine/transition-execution-status.js";
export { canTransition, isTerminal, TRANSITIONS } from "./state-machine/transitions.js";
// Ports: stores, providers, clock, logger.
export type * from "./store-port/execution-store.js";
export { memoryStore } from "./stores/memory/memory-store.js";
