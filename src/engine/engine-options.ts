import type { Clock } from "../domain/clock.js";
import { BuyonceError } from "../domain/errors.js";
import type { Execution } from "../domain/execution.js";
import type { Limit } from "../domain/limit.js";
import type { Logger } from "../domain/logger.js";
import type { Authorize } from "../guards/authority.js";
import type { OpsHints } from "../guards/ops-hint.js";
import type { CheckedProvider } from "../providers/checked-provider.js";
import type { CommitmentProvider } from "../providers/commitment-provider.js";
import type { ExecutionStore, LimitSet } from "../store-port/execution-store.js";
import type { CommitmentEvidence } from "./line/commitment-evidence.js";
import type { OnEvent } from "./observed-store.js";

/** When the breaker freezes a cloud in an account. */
export interface Breaker {
  readonly unknowns: number;
  readonly withinMs: number;
}

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
