// The engine: what a service creates once and calls.

export type { PurchaseEngineOptions } from "./engine/engine-options.js";
export { createPurchaseEngine, type PurchaseEngine } from "./engine/purchase-engine.js";

// What people ask of the engine.

export type { AcceptedPrice } from "./engine/decisions/accept-prices.js";
export type { Approval, Scheduling } from "./engine/decisions/approve.js";
export type { Cancellation } from "./engine/decisions/cancel.js";
export type { QueuedCancellation } from "./engine/decisions/cancel-queued.js";
export type { DecisionByToken } from "./engine/decisions/decide-by-token.js";
export type { DecisionTokenRequest, IssuedDecisionToken, TokenRevocation } from "./engine/decisions/decision-tokens.js";
export type { FreezeRequest, UnfreezeRequest } from "./engine/decisions/freeze.js";
export type { LimitStatus, LimitsDecision } from "./engine/decisions/limits.js";
export type { Overlap } from "./engine/decisions/needs-of.js";
export type { Pause, Resumption } from "./engine/decisions/pause.js";
export type {
  DecidedByToken,
  HistoryView,
  PurchaseDecisions,
  Submitted,
} from "./engine/decisions/purchase-decisions.js";
export type { Resolution } from "./engine/decisions/resolve.js";
export type { RetryRequest } from "./engine/decisions/retry.js";
export type { Submission } from "./engine/decisions/submit.js";
export type {
  ConsideredLine,
  SuppressingLine,
  Suppression,
  SuppressionPage,
  SuppressionQuery,
} from "./engine/decisions/suppressions.js";

// Who may decide what, and how operators are helped.

export type { ExpectedContent } from "./engine/decisions/approved-content.js";
export type { Notification } from "./engine/decisions/mark-notified.js";
export type { Reading } from "./engine/decisions/reading.js";
export type { Actor, ActorOrId } from "./guards/actor.js";
export { type AnyOwnPolicy, anyOwnPolicy, type Permission } from "./guards/any-own-policy.js";
export { type Authorize, type Decision, VERBS, type Verb } from "./guards/authority.js";
export type { OpsHint, OpsHints } from "./guards/ops-hint.js";

// What limits would have refused.

export { type LimitReplay, type ReplayRange, replayLimits } from "./engine/replay-limits.js";
export type { ReplayedRefusal } from "./guards/limits/replayed-limits.js";

// What schedulers ask of the engine, and what the engine answers.

export type { Explanation, LineExplanation } from "./engine/explain.js";
export { mayAcknowledge } from "./engine/may-acknowledge.js";
export type { OnEvent } from "./engine/observed-store.js";
export type { RunResult } from "./engine/purchase-engine.js";
export type { Outcomes } from "./engine/run/outcomes.js";
export type { ReconcileReport } from "./engine/run/reconcile-due.js";
export type { RunBounds } from "./engine/run/run-bounds.js";
export type { RunOptions } from "./engine/run/run-execution.js";
export type { TickError, TickOptions, TickReport } from "./engine/run/tick.js";
export type { Waiting } from "./engine/wait-until-settled.js";

// What mail, chat and metrics hang on: the events of all executions.

export type { DrainOptions, DrainReport, EventHandler } from "./engine/feed/drain-events.js";
export type { FeedReading } from "./engine/feed/read-feed.js";

// What can be bought: one request per service.

export type { AwsCapacityBlocksRequest } from "./domain/commitment-request/aws-capacity-blocks.js";
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
export { type CommitmentRequest, parseCommitmentRequests } from "./domain/commitment-request/commitment-request.js";
export type { AnyTerm, Payment, Term } from "./domain/commitment-request/common.js";
export type { CustomRequest } from "./domain/commitment-request/custom.js";
export type { GcpComputeRequest, GcpLicenseResource, GcpResources } from "./domain/commitment-request/gcp-compute.js";
export type { GcpReservation } from "./domain/commitment-request/gcp-reservations.js";
export type { GcpSpendRequest } from "./domain/commitment-request/gcp-spend.js";
export type { Money } from "./domain/money.js";

// What is stored: executions, their lines, the evidence, the audit trail.

export type { AuditEvent, AuditEventKind } from "./domain/audit-event.js";
export type {
  Commitment,
  Doubt,
  LastError,
  Prepared,
  PriceDrift,
  Rejection,
  SaidAbsent,
  WithdrawnBy,
} from "./domain/evidence.js";
export type {
  Execution as StoredExecution,
  ExecutionView as Execution,
  Lease,
  LineProgress,
  PlanStep,
  PurchaseLine,
} from "./domain/execution.js";
export type { Need } from "./domain/need.js";

// How an execution moves: statuses, the table of moves, the guarded transition.

export { EXECUTION_STATUSES, type ExecutionStatus } from "./domain/execution-status.js";
export { LINE_STATES, type LineState } from "./domain/line-state.js";
export type { StatusTransition } from "./state-machine/check-move.js";
export { settle } from "./state-machine/settle.js";
export { transitionExecutionStatus } from "./state-machine/transition-execution-status.js";
export { canTransition, isTerminal, TRANSITIONS } from "./state-machine/transitions.js";

// What sweeps over all executions: the reaper, and the removal of old lineages.

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

// Tokens: how a line is named at its cloud.

export { deriveIdempotencyToken } from "./idempotency/derive-idempotency-token.js";
export { fingerprint } from "./idempotency/fingerprint.js";
export { maskToken } from "./idempotency/mask-token.js";
export { commitmentName, idempotencyGuid, reservationId, uuidV4Shaped } from "./idempotency/token-formats.js";

// The errors.

export { BuyonceError, ERROR_CODES, type ErrorCode, isBuyonceError } from "./domain/errors.js";

// The ports: stores, providers, the clock, the logger.

export { type Clock, type EpochMs, systemClock } from "./domain/clock.js";
export type { IdempotencyContract } from "./domain/idempotency-contract.js";
export { consoleLogger, type Logger, silentLogger } from "./domain/logger.js";
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
export type * from "./store-port/execution-store.js";
export { memoryStore } from "./stores/memory/memory-store.js";
