import { systemClock } from "../domain/clock.js";
import { messageOf } from "../domain/errors.js";
import { newWorkerName } from "../domain/id.js";
import { consoleLogger, type Logger, soundLogger } from "../domain/logger.js";
import { refuse } from "../domain/options.js";
import { limitSet } from "../guards/limits/limit-set.js";
import { checkedProvider } from "../providers/checked-provider.js";
import { DEFAULT_REAP_AFTER_MS, DEFAULT_RETRY_DELAY_MS } from "../state-machine/reap-stuck-executions.js";
import type { Breaker, EngineContext, PurchaseEngineOptions } from "./engine-options.js";
import { observedStore } from "./observed-store.js";
import { rangeProblems, shapeProblems, unitProblems } from "./option-problems.js";

const DEFAULT_BREAKER: Breaker = { unknowns: 3, withinMs: 3_600_000 };

const A_DAY_MS = 86_400_000;
const A_WEEK_MS = 7 * A_DAY_MS;

/** Checks the options and the providers; `INVALID_REQUEST` names everything that is missing, unknown or out of range. */
export function engineContext(options: PurchaseEngineOptions): EngineContext {
  refuse(shapeProblems(options));
  const { leaseMs = 120_000 } = options;
  const logger = soundLogger(options.logger ?? consoleLogger);
  const context: EngineContext = {
    store: options.onEvent === undefined ? options.store : observedStore(options.store, options.onEvent, logger),
    providers: new Map(options.providers.map((provider) => [provider.service, checkedProvider(provider)])),
    clock: options.clock ?? systemClock,
    logger,
    concurrency: options.concurrency ?? 4,
    leaseMs,
    lineTimeoutMs: options.lineTimeoutMs ?? Math.min(60_000, leaseMs / 2),
    sendWithinMs: options.sendWithinMs ?? Math.min(10_000, leaseMs / 4),
    retryDelayMs: options.retryDelayMs ?? DEFAULT_RETRY_DELAY_MS,
    reapAfterMs: options.reapAfterMs ?? DEFAULT_REAP_AFTER_MS,
    approvalLifetimeMs: options.approvalLifetimeMs ?? A_WEEK_MS,
    overlapWindowMs: options.overlapWindowMs === undefined ? A_DAY_MS : options.overlapWindowMs,
    breaker: options.breaker === undefined ? DEFAULT_BREAKER : options.breaker,
    limits: options.limits === undefined ? null : limitSet(options.limits),
    storesFirstLimits: true,
    killSwitch: killSwitchOf(options, logger),
    approvalWaitMs: options.approvalWaitMs === undefined ? A_WEEK_MS : options.approvalWaitMs,
    authorize: options.authorize,
    fourEyes: options.fourEyes ?? false,
    approvals: options.approvals ?? 1,
    onPriceDrift: options.onPriceDrift ?? "reject",
    opsHints: options.opsHints ?? {},
    worker: options.worker ?? newWorkerName(),
    unrecorded: [],
  };
  refuse([...rangeProblems(context, options.providers), ...unitProblems(options)]);
  return context;
}

/** The kill switch as a safe function: any answer but `false`, and any error, counts as on. */
function killSwitchOf({ killSwitch }: PurchaseEngineOptions, logger: Logger): () => boolean {
  if (killSwitch === undefined) return () => false;
  return () => {
    try {
      return killSwitch() !== false;
    } catch (thrown) {
      logger.error("The kill switch threw, so it counts as on", { error: messageOf(thrown) });
      return true;
    }
  };
}
