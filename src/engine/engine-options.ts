import { spanProblem } from "../domain/bounds.js";
import { type Clock, systemClock } from "../domain/clock.js";
import { invalidRequest } from "../domain/commitment-request/commitment-request.js";
import { newWorkerName } from "../domain/id.js";
import { consoleLogger, type Logger } from "../domain/logger.js";
import type { CommitmentProvider } from "../providers/commitment-provider.js";
import { DEFAULT_REAP_AFTER_MS } from "../state-machine/reap-stuck-executions.js";
import type { ExecutionStore } from "../store-port/execution-store.js";

/** What an engine is made of. */
export interface PurchaseEngineOptions {
  readonly store: ExecutionStore;
  /** One per service. */
  readonly providers: readonly CommitmentProvider[];
  /** This machine's clocks; the store has its own. */
  readonly clock?: Clock;
  /** Default: warnings and errors to the console. */
  readonly logger?: Logger;
  /** How many lines of an execution, and executions of a tick, are worked on at the same time. Default 4. */
  readonly concurrency?: number;
  /** How long a claim holds without a renewal; every write renews it. Default 120000. */
  readonly leaseMs?: number;
  /** How long one line may take from its guard to its reply. Default 60000, at most half the lease. */
  readonly lineTimeoutMs?: number;
  /** How long after its write-ahead a request may still be sent. Default 10000, at most a quarter of the lease. */
  readonly sendWithinMs?: number;
  /** The pause before trouble is tried again, and before doubt that only a person can end is looked at again. Default 30000. */
  readonly retryDelayMs?: number;
  /** Age at which tick reaps executions without a sign of life. Default 10 minutes. */
  readonly reapAfterMs?: number;
  /** While it returns true nothing is sent; checked right before the wire. */
  readonly killSwitch?: () => boolean;
  /** Name of this worker in leases and events. Default a random one. */
  readonly worker?: string;
}

/** The options with every default filled in, as the parts of the engine share them. */
export interface EngineContext {
  readonly store: ExecutionStore;
  readonly providers: ReadonlyMap<string, CommitmentProvider>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly lineTimeoutMs: number;
  readonly sendWithinMs: number;
  readonly retryDelayMs: number;
  readonly reapAfterMs: number;
  readonly killSwitch: () => boolean;
  readonly worker: string;
}

/** Checks the options; `INVALID_REQUEST` names every one that is out of range. */
export function engineContext(options: PurchaseEngineOptions): EngineContext {
  const leaseMs = options.leaseMs ?? 120_000;
  const context: EngineContext = {
    store: options.store,
    providers: new Map(options.providers.map((provider) => [provider.service, provider])),
    clock: options.clock ?? systemClock,
    logger: options.logger ?? consoleLogger,
    concurrency: options.concurrency ?? 4,
    leaseMs,
    lineTimeoutMs: options.lineTimeoutMs ?? Math.min(60_000, leaseMs / 2),
    sendWithinMs: options.sendWithinMs ?? Math.min(10_000, leaseMs / 4),
    retryDelayMs: options.retryDelayMs ?? 30_000,
    reapAfterMs: options.reapAfterMs ?? DEFAULT_REAP_AFTER_MS,
    killSwitch: options.killSwitch ?? (() => false),
    worker: options.worker ?? newWorkerName(),
  };
  const problems = [...optionProblems(context, options.providers)].map(([path, problem]) => ({ path, problem }));
  if (problems.length > 0) throw invalidRequest(problems);
  return context;
}

function* optionProblems(
  context: EngineContext,
  providers: readonly CommitmentProvider[],
): Generator<[string, string]> {
  if (!Number.isInteger(context.concurrency) || context.concurrency < 1)
    yield ["concurrency", "must be a whole number of at least 1"];
  for (const name of ["leaseMs", "lineTimeoutMs", "sendWithinMs", "reapAfterMs"] as const) {
    const problem = spanProblem(context[name]);
    if (problem !== undefined) yield [name, problem];
  }
  if (!(Number.isFinite(context.retryDelayMs) && context.retryDelayMs >= 0))
    yield ["retryDelayMs", "must not be negative"];
  if (context.lineTimeoutMs > context.leaseMs / 2) yield ["lineTimeoutMs", "must be at most half of leaseMs"];
  if (context.retryDelayMs >= context.reapAfterMs) yield ["retryDelayMs", "must be less than reapAfterMs"];
  if (context.sendWithinMs > context.leaseMs / 4) yield ["sendWithinMs", "must be at most a quarter of leaseMs"];
  if (context.providers.size < providers.length) yield ["providers", "must hold one provider per service"];
  for (const provider of providers) yield* contractProblems(provider);
}

function* contractProblems({ service, idempotency, inventory }: CommitmentProvider): Generator<[string, string]> {
  if (idempotency.kind === "none" && inventory === undefined)
    yield ["providers", `${service} has contract "none" and so needs inventory`];
  for (const name of ["maxRequestLifetimeMs", "visibilityLagMs", "clockSkewMs", "windowMs"] as const) {
    const value = idempotency[name];
    if (value !== null && !(Number.isFinite(value) && value >= 0))
      yield ["providers", `${service}: ${name} must be a number of at least 0`];
  }
}
