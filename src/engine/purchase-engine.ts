import type { ExecutionView } from "../domain/execution.js";
import { byExecutionId } from "../domain/execution-id.js";
import type { Freeze } from "../domain/freeze.js";
import { checkFunctions, checkKeys } from "../domain/options.js";
import { viewOf } from "../idempotency/execution-view.js";
import type { ExecutionStore, FeedPage } from "../store-port/execution-store.js";
import { cancelQueuedPurchase, type QueuedCancellation } from "./decisions/cancel-queued.js";
import { type FreezeRequest, freezeScope, type UnfreezeRequest, unfreezeScope } from "./decisions/freeze.js";
import { changeLimits, currentLimits, type LimitStatus, type LimitsDecision } from "./decisions/limits.js";
import { type PurchaseDecisions, purchaseDecisions, viewed } from "./decisions/purchase-decisions.js";
import { type Reading, requireReader } from "./decisions/reading.js";
import { type Resolution, resolveLine } from "./decisions/resolve.js";
import {
  type ConsideredLine,
  currentSuppressions,
  type Suppression,
  type SuppressionPage,
  type SuppressionQuery,
  suppressionsOf,
} from "./decisions/suppressions.js";
import { engineContext } from "./engine-context.js";
import type { PurchaseEngineOptions } from "./engine-options.js";
import { type DrainOptions, type DrainReport, drainEvents, type EventHandler } from "./feed/drain-events.js";
import { forgetConsumer } from "./feed/forget-consumer.js";
import { type FeedReading, readFeed } from "./feed/read-feed.js";
import type { Outcomes } from "./run/outcomes.js";
import { type ReconcileReport, reconcileMany } from "./run/reconcile-due.js";
import { type RunEnd, type RunOptions, runExecution } from "./run/run-execution.js";
import { type TickOptions, type TickReport, tickOnce } from "./run/tick.js";
import { type Waiting, waitUntilSettled } from "./wait-until-settled.js";

/** An execution as a call has left it, and what the call made of its lines. */
export type RunResult = ExecutionView & { readonly outcomes: Outcomes };

/** Buys baskets of commitments so that no line is ever bought twice and no purchase is lost. */
export interface PurchaseEngine extends PurchaseDecisions {
  /**
   * The decisions of this engine over another store, such as a store inside your open transaction. Everything else is
   * shared.
   *
   * Each decision commits or rolls back with your transaction. There is no `run` or `tick` here, because a rollback
   * would forget that a purchase was sent. Call those two on the engine itself, after the commit.
   */
  withStore(store: ExecutionStore): PurchaseDecisions;
  /**
   * Claims an execution, buys every line once, and settles the execution. An execution that has ended or that another
   * worker holds is returned untouched.
   */
  run(executionId: string, options?: RunOptions): Promise<RunResult>;
  /** Ends the doubts of one execution as far as the cloud's answers allow. */
  reconcile(executionId: string, options?: RunOptions): Promise<RunResult>;
  /** Ends the doubts of up to `limit` executions that are due. */
  reconcile(batch: { readonly limit: number }, options?: RunOptions): Promise<ReconcileReport>;
  /** Withdraws a purchase that was queued (`holdMs`) before it starts. */
  cancelQueued(executionId: string, lineIndex: number, cancellation: QueuedCancellation): Promise<ExecutionView>;
  /** Settles a line in doubt by a person's evidence, or corrects an earlier resolution. It works in every status. */
  resolve(executionId: string, lineIndex: number, resolution: Resolution): Promise<ExecutionView>;
  /**
   * Stops every purchase of a cloud, a service, an account, or everything, in all processes. It waits for write-aheads that
   * are being stored; after it, none is.
   */
  freeze(request: FreezeRequest): Promise<Freeze>;
  /**
   * Lifts a freeze. False if it does not hold any more. `run` then buys at once what it held up, and ticks after its pause:
   * a tenth of the time for which it has waited.
   */
  unfreeze(freezeId: string, request: UnfreezeRequest): Promise<boolean>;
  /** The freezes that hold now, oldest first. */
  freezes(reading?: Reading): Promise<readonly Freeze[]>;
  /** The spending limits that hold, with what they have counted in their current periods. */
  limits(reading?: Reading): Promise<readonly LimitStatus[]>;
  /**
   * Stores the limits of this engine in place of those that are stored. Processes with the old limits then get
   * `LIMIT_DEFINITION_DIFFERS`. A limit with another `max` goes on with its count; after any other change it starts anew.
   */
  changeLimits(decision: LimitsDecision): Promise<readonly LimitStatus[]>;
  /**
   * The needs that are open or freshly bought, of an account, of a service, or all: what a recommendation should not be
   * made for. They follow from the lines, so a need is free again with the change that rejects, skips or cancels them.
   */
  suppressions(query?: SuppressionQuery, reading?: Reading): Promise<SuppressionPage>;
  /**
   * For each of these lines, in their order, what takes its need: the open and freshly bought lines that would keep it
   * from being approved, and what was bought since the line was thought of. Null if nothing does.
   */
  suppressionsOf(considered: readonly ConsideredLine[], reading?: Reading): Promise<readonly (Suppression | null)[]>;
  /**
   * Waits until an execution has ended, or until only a person can end its doubts. It only reads: a run or a tick must
   * bring the execution on. `NOT_SETTLED_IN_TIME` if that takes longer than `timeoutMs`, by default a minute.
   */
  waitUntilSettled(executionId: string, waiting?: Waiting, reading?: Reading): Promise<ExecutionView>;
  /**
   * The events of all executions, in one order that never changes. Keep the page's cursor: what it leaves behind is
   * complete. Call it outside of open transactions, because other readers may wait until yours ends.
   */
  feed(query?: FeedReading, reading?: Reading): Promise<FeedPage>;
  /**
   * Gives a consumer its next events, one after the other, in one bounded round. The store keeps its cursor. Each event
   * comes at least once. An error of the handler is thrown, and the next round begins with that event.
   */
  drainEvents(consumer: string, handler: EventHandler, options?: DrainOptions): Promise<DrainReport>;
  /** Forgets the cursor of a consumer, which then begins with the first event. False if there is none. */
  forgetConsumer(consumer: string): Promise<boolean>;
  /** One bounded round of all recovery work. */
  tick(options?: TickOptions): Promise<TickReport>;
}

/**
 * Makes an engine over a store and the providers of the services it may buy.
 *
 * The engine has no timers and starts nothing by itself: call `run` from a queue, and `tick` from a scheduler. Any
 * number of engines, in any number of processes, may share a store. Options out of range are refused with
 * `INVALID_REQUEST`.
 */
export function createPurchaseEngine(options: PurchaseEngineOptions): PurchaseEngine {
  const context = engineContext(options);
  function reconcile(executionId: string, options?: RunOptions): Promise<RunResult>;
  function reconcile(batch: { readonly limit: number }, options?: RunOptions): Promise<ReconcileReport>;
  async function reconcile(
    what: string | { readonly limit: number },
    options?: RunOptions,
  ): Promise<RunResult | ReconcileReport> {
    if (!isBatch(what)) return reconcileOne(what, options);
    checkKeys<{ limit: number }>("batch", what, { limit: true });
    return reconcileMany(context, what.limit, options);
  }
  const reconcileOne = byExecutionId((executionId, options?: RunOptions) =>
    resultOf(runExecution(context, executionId, "reconcile", options)),
  );
  return {
    ...purchaseDecisions(context),
    withStore(store) {
      checkFunctions("store", store, ["create", "get", "commit"]);
      return purchaseDecisions({ ...context, store, storesFirstLimits: false });
    },
    run: byExecutionId((executionId, options) => resultOf(runExecution(context, executionId, "run", options))),
    reconcile,
    cancelQueued: byExecutionId((executionId, lineIndex, cancellation) =>
      viewed(cancelQueuedPurchase(context, { executionId, lineIndex }, cancellation)),
    ),
    resolve: byExecutionId((executionId, lineIndex, resolution) =>
      viewed(resolveLine(context, executionId, lineIndex, resolution)),
    ),
    freeze: async (request) => freezeScope(context, request),
    unfreeze: async (freezeId, request) => unfreezeScope(context, freezeId, request),
    freezes: async (reading) => {
      await requireReader(context, reading);
      return context.store.freezes();
    },
    limits: async (reading) => {
      await requireReader(context, reading);
      return currentLimits(context);
    },
    changeLimits: async (decision) => changeLimits(context, decision),
    suppressions: async (query = {}, reading) => currentSuppressions(context, query, reading),
    suppressionsOf: async (considered, reading) => suppressionsOf(context, considered, reading),
    waitUntilSettled: byExecutionId((executionId, waiting, reading) =>
      viewed(waitUntilSettled(context, executionId, waiting, reading)),
    ),
    feed: async (query, reading) => readFeed(context, query, reading),
    drainEvents: async (consumer, handler, options) => drainEvents(context, consumer, handler, options),
    forgetConsumer: async (consumer) => forgetConsumer(context, consumer),
    tick: async (options) => tickOnce(context, options),
  };
}

/** Whether a batch is meant. An execution in place of its id, a promise of one, and a list of ids are none. */
const isBatch = (what: string | { readonly limit: number }): what is { readonly limit: number } =>
  typeof what === "object" && what !== null && !["id", "then", "length"].some((name) => name in what);

async function resultOf(ended: Promise<RunEnd>): Promise<RunResult> {
  const { execution, outcomes } = await ended;
  return { ...viewOf(execution), outcomes };
}
