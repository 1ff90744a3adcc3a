import { countProblem, spanProblem, timerProblem } from "../domain/bounds.js";
import { type Clock, systemClock } from "../domain/clock.js";
import { BuyonceError, messageOf } from "../domain/errors.js";
import type { Execution } from "../domain/execution.js";
import { newWorkerName } from "../domain/id.js";
import type { InputProblem } from "../domain/input-problem.js";
import type { Limit } from "../domain/limit.js";
import { consoleLogger, type Logger, soundLogger } from "../domain/logger.js";
import {
  functionProblems,
  type KeysOf,
  keyProblems,
  lackingProblems,
  nameProblems,
  refuse,
} from "../domain/options.js";
import type { Authorize } from "../guards/authority.js";
import { limitProblems } from "../guards/limits/limit-schema.js";
import { limitSet } from "../guards/limits/limit-set.js";
import { type OpsHints, opsHintProblems } from "../guards/ops-hint.js";
import { type CheckedProvider, checkedProvider, providerProblems } from "../providers/checked-provider.js";
import type { CommitmentProvider } from "../providers/commitment-provider.js";
import { DEFAULT_REAP_AFTER_MS, DEFAULT_RETRY_DELAY_MS } from "../state-machine/reap-stuck-executions.js";
import type { ExecutionStore, LimitSet } from "../store-port/execution-store.js";
import { approvalProblems } from "./approval-options.js";
import type { CommitmentEvidence } from "./line/commitment-evidence.js";
import { type OnEvent, observedStore } from "./observed-store.js";

/** When the breaker freezes a cloud in an account. */
export interface Breaker {
  readonly unknowns: number;
  readonly withinMs: number;
}

const DEFAULT_BREAKER: Breaker = { unknowns: 3, withinMs: 3_600_000 };

/** What an engine is made of. All spans are in milliseconds. */
export interface PurchaseEngineOptions {
  /** `postgresStore(pool)`, `sqliteStore(database)`, `(await openSqlite(file)).store`, `pgliteStore(...)` or `memoryStore()`. */
  readonly store: ExecutionStore;
  /** One provider per service. */
  readonly providers: readonly CommitmentProvider[];
  /** This machine's clocks; the store has its own. */
  readonly clock?: Clock;
  /** Default: warnings and errors to the console. */
  readonly logger?: Logger;
  /**
   * Is told of each change that this engine has stored, for metrics and traces of this process. It can neither stop nor
   * fail a purchase. A change whose answer was lost, and decisions `withStore`, are not told; `feed` has all of them.
   */
  readonly onEvent?: OnEvent;
  /**
   * How many lines of an execution, and executions of a tick, are worked on at the same time. Default 4.
   *
   * The rate grows with it as long as the cloud answers, because the store takes more than 150 executions a second: if
   * each call takes 100 ms, 4 buy 18 one-line executions a second, and 16 buy 66. Clouds limit
   * the calls of one account, so more is of use if there are many accounts.
   */
  readonly concurrency?: number;
  /** How long a claim holds without a renewal; every write renews it. At least 1000, in milliseconds. Default 120000. */
  readonly leaseMs?: number;
  /**
   * How long one line may take from its guard to its reply. At least 500, in milliseconds, and at most half the lease.
   * Default 60000.
   */
  readonly lineTimeoutMs?: number;
  /** How long after the write-ahead the request may still be sent. Default 10000, at most a quarter of the lease. */
  readonly sendWithinMs?: number;
  /**
   * The first pause after a failed attempt. Each later pause is a tenth of the time for which attempts have failed, and
   * at least this long. Default 30000.
   */
  readonly retryDelayMs?: number;
  /** Age at which tick reaps executions that nobody works on. Default 10 minutes. */
  readonly reapAfterMs?: number;
  /**
   * How long an approval counts. The time runs from the approval, or from the due time of a scheduled execution. After
   * that nothing is sent until a person approves again. Default 7 days.
   */
  readonly approvalLifetimeMs?: number;
  /**
   * For how long a purchase keeps other baskets from being approved that cover the same. Null lets baskets overlap
   * unasked. Default 24 hours.
   */
  readonly overlapWindowMs?: number | null;
  /**
   * After how many purchases with an unknown outcome a cloud is frozen in an account: lines in doubt whose requests were
   * sent in the last `withinMs`. Only a person lifts the freeze. Null for never. Default 3 in an hour.
   */
  readonly breaker?: Breaker | null;
  /**
   * The most that may be committed in a period, see docs/guards.md. All processes must have the same limits. The first to
   * approve stores them; later changes need `changeLimits`. Without this option, the stored limits hold, whatever they are.
   */
  readonly limits?: readonly Limit[];
  /**
   * Nothing is sent unless this returns false. It is called before the write-ahead, and again right before the request
   * is sent.
   */
  readonly killSwitch?: () => boolean;
  /**
   * How long a new execution waits for its approval before it expires, unless its submission says otherwise. Null for
   * ever. Default 7 days.
   */
  readonly approvalWaitMs?: number | null;
  /**
   * Asked before each decision, before each read that names its reader, and again, for the approver, before each
   * write-ahead. Without it, everybody may do everything. See docs/guards.md.
   */
  readonly authorize?: Authorize;
  /** Nobody approves what they made a part of. Default false. */
  readonly fourEyes?: boolean;
  /** How many different people must approve an execution. A submission may ask for more. At most 20; default 1. */
  readonly approvals?: number;
  /**
   * What becomes of a line whose price is found outside its tolerance. `reject` refuses it. `ask` lets it wait until
   * people accept the price, the line is canceled, or the approval runs out. Default `reject`.
   */
  readonly onPriceDrift?: "ask" | "reject";
  /** What your operators can do about a refusal, by its code. They come before the hints of the providers. */
  readonly opsHints?: OpsHints;
  /** Name of this worker in leases and events. Default a random one. */
  readonly worker?: string;
}

const KNOWN: KeysOf<PurchaseEngineOptions> = {
  store: true,
  providers: true,
  clock: true,
  logger: true,
  onEvent: true,
  concurrency: true,
  leaseMs: true,
  lineTimeoutMs: true,
  sendWithinMs: true,
  retryDelayMs: true,
  reapAfterMs: true,
  approvalLifetimeMs: true,
  overlapWindowMs: true,
  breaker: true,
  limits: true,
  killSwitch: true,
  approvalWaitMs: true,
  authorize: true,
  fourEyes: true,
  approvals: true,
  onPriceDrift: true,
  opsHints: true,
  worker: true,
};

/** The options with every default filled in, as the parts of the engine share them. */
export interface EngineContext {
  readonly store: ExecutionStore;
  readonly providers: ReadonlyMap<string, CheckedProvider>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly lineTimeoutMs: number;
  readonly sendWithinMs: number;
  readonly retryDelayMs: number;
  readonly reapAfterMs: number;
  readonly approvalLifetimeMs: number;
  readonly overlapWindowMs: number | null;
  readonly breaker: Breaker | null;
  /** The limits of the options. Null if the options have none of their own. */
  readonly limits: LimitSet | null;
  /**
   * Whether an approval stores the limits, if none ever were. Not in a caller's transaction: it would hold the row of the
   * limits before everything that other approvals lock first.
   */
  readonly storesFirstLimits: boolean;
  readonly killSwitch: () => boolean;
  readonly approvalWaitMs: number | null;
  readonly authorize: Authorize | undefined;
  readonly fourEyes: boolean;
  readonly approvals: number;
  readonly onPriceDrift: "ask" | "reject";
  readonly opsHints: OpsHints;
  readonly worker: string;
  /** Purchases of this process that the store did not record. They are recorded as soon as the store works again. */
  readonly unrecorded: (CommitmentEvidence & { readonly failure: string })[];
}

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

/** Problems with the shape of the options. They are checked before any option is used. */
function shapeProblems(options: PurchaseEngineOptions): readonly InputProblem[] {
  const unknown = keyProblems(options, KNOWN);
  if (typeof options !== "object" || options === null)
    return unknown.map(({ problem }) => ({ path: "options", problem }));
  const { store, providers, clock, logger, worker, limits, ...rules } = options as Partial<PurchaseEngineOptions>;
  const declared = Array.isArray(providers) ? providers : [];
  return [
    ...unknown,
    ...storeProblems(store),
    ...(Array.isArray(providers) ? [] : [{ path: "providers", problem: "must be a list of providers" }]),
    ...declared.flatMap((one) => [...providerProblems(one)].map((problem) => ({ path: "providers", problem }))),
    ...functionProblems("killSwitch", rules.killSwitch),
    ...functionProblems("onEvent", rules.onEvent),
    ...ruleProblems(rules),
    ...approvalProblems(rules),
    ...opsHintProblems(rules.opsHints),
    ...lackingProblems("clock", clock, ["now", "monotonic", "timeout"]),
    ...lackingProblems("logger", logger, ["info", "warn", "error"]),
    ...nameProblems("worker", worker),
    ...(limits === undefined ? [] : limitProblems(limits)),
  ];
}

/** Problems with the rules about people. A rule that is there but undefined would be off without a word. */
function* ruleProblems(rules: Partial<PurchaseEngineOptions>): Generator<InputProblem> {
  if ("authorize" in rules && typeof rules.authorize !== "function")
    yield { path: "authorize", problem: "must be a function" };
  if ("fourEyes" in rules && typeof rules.fourEyes !== "boolean")
    yield { path: "fourEyes", problem: "must be true or false" };
}

function storeProblems(store: unknown): readonly InputProblem[] {
  const missing = lackingProblems("store", store ?? {}, ["create", "get", "commit", "claimDue", "claims"]);
  if (missing.length === 0) return [];
  const stores = "such as postgresStore(pool), sqliteStore(database) or memoryStore()";
  return [{ path: "store", problem: `must be a store, ${stores}${storeHint(store)}` }];
}

/** What was probably meant by something that is no store. */
function storeHint(found: unknown): string {
  if (typeof found !== "object" || found === null) return "";
  if ("query" in found) return "; this is a database client: pass postgresStore(client)";
  if ("prepare" in found) return "; this is a SQLite database: pass sqliteStore(database)";
  if ("then" in found) return "; this is a promise: await it, as in (await openSqlite(file)).store";
  return "store" in found ? "; this has a store in it: pass its `store`, as in (await openSqlite(file)).store" : "";
}

function* rangeProblems(context: EngineContext, providers: readonly CommitmentProvider[]): Generator<InputProblem> {
  if (!Number.isSafeInteger(context.concurrency) || context.concurrency < 1)
    yield { path: "concurrency", problem: "must be a whole number of at least 1" };
  for (const name of ["leaseMs", "sendWithinMs", "reapAfterMs", "approvalLifetimeMs"] as const) {
    const problem = spanProblem(context[name]);
    if (problem !== undefined) yield { path: name, problem };
  }
  const window = context.overlapWindowMs === null ? undefined : spanProblem(context.overlapWindowMs);
  yield* breakerProblems(context.breaker);
  if (window !== undefined) yield { path: "overlapWindowMs", problem: window };
  const wait = context.approvalWaitMs === null ? undefined : spanProblem(context.approvalWaitMs);
  if (wait !== undefined) yield { path: "approvalWaitMs", problem: `${wait}, or null` };
  const timer = timerProblem(context.lineTimeoutMs);
  if (timer !== undefined) yield { path: "lineTimeoutMs", problem: timer };
  if (!(context.retryDelayMs >= 0)) yield { path: "retryDelayMs", problem: "must not be negative" };
  if (context.lineTimeoutMs > context.leaseMs / 2)
    yield { path: "lineTimeoutMs", problem: "must be at most half of leaseMs" };
  if (context.retryDelayMs >= context.reapAfterMs)
    yield { path: "retryDelayMs", problem: "must be less than reapAfterMs" };
  if (context.sendWithinMs > context.leaseMs / 4)
    yield { path: "sendWithinMs", problem: "must be at most a quarter of leaseMs" };
  if (context.providers.size < providers.length)
    yield { path: "providers", problem: "must hold one provider per service" };
}

/** The shortest times that can be meant. A purchase that was sent is in doubt if its answer takes longer. */
const SHORTEST_MS = { leaseMs: 1_000, lineTimeoutMs: 500 } as const;

/** Problems with times that were probably given in seconds. */
function* unitProblems(options: PurchaseEngineOptions): Generator<InputProblem> {
  for (const path of ["leaseMs", "lineTimeoutMs"] as const) {
    const { [path]: given = SHORTEST_MS[path] } = options;
    if (given > 0 && given < SHORTEST_MS[path])
      yield { path, problem: `is in milliseconds, and must be at least ${SHORTEST_MS[path]}; got ${given}` };
  }
}

function* breakerProblems(breaker: Breaker | null): Generator<InputProblem> {
  if (breaker === null) return;
  const problems = [countProblem(breaker.unknowns), spanProblem(breaker.withinMs)] as const;
  if (problems[0] !== undefined) yield { path: "breaker.unknowns", problem: problems[0] };
  if (problems[1] !== undefined) yield { path: "breaker.withinMs", problem: problems[1] };
  for (const { path, problem } of keyProblems(breaker, { unknowns: true, withinMs: true }))
    yield { path: `breaker.${path}`, problem };
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

/**
 * The provider of a service. A missing provider is `PROVIDER_NOT_REGISTERED`; `current` is the execution that needs it,
 * if there is one.
 */
export function requireProvider(context: EngineContext, service: string, current?: Execution): CheckedProvider {
  const provider = context.providers.get(service);
  if (provider !== undefined) return provider;
  throw new BuyonceError("PROVIDER_NOT_REGISTERED", `No provider for "${service}" was given to the engine.`, {
    details: { service },
    ...(current && { current }),
  });
}
