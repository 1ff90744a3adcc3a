import type { Clock } from "../../domain/clock.js";
import type { CustomRequest } from "../../domain/commitment-request/custom.js";
import type { InputProblem } from "../../domain/input-problem.js";
import { checkKeys, functionProblems, type KeysOf, lackingProblems, refuse } from "../../domain/options.js";
import { isPlainObject } from "../../domain/plain-object.js";
import type { PurchaseEngineOptions } from "../../engine/engine-options.js";
import type { PurchaseEngine } from "../../engine/purchase-engine.js";
import type { CommitmentProvider } from "../../providers/commitment-provider.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import type { AsyncPort } from "../crashing-store.js";
import type { PurchaseOrder } from "../purchase-commands/purchase-wiring.js";

/**
 * What one process of yours gets when it starts.
 *
 * Every call of these parts takes some time, and the process may stand still or die during it. After its death nothing
 * of it runs on. What is kept in variables is lost with the process.
 *
 * A call of `store` or `table` may also fail with `STORE_BUSY` or with an error of a driver. An error of a driver may
 * come after the effect, as a lost answer. Let it pass: a function that rejects is called again.
 */
export interface EmbedderProcess {
  /** Unique in a simulation, such as `process-3`. */
  readonly name: string;
  /**
   * An engine of this process over `store` and `provider`, with your options.
   *
   * `breaker` is off unless you give one: in a simulation there is no person who lifts a freeze.
   */
  createEngine(options?: Partial<PurchaseEngineOptions>): PurchaseEngine;
  /** The store of executions, which outlives all processes. */
  readonly store: ExecutionStore;
  /** How this process reaches the cloud. */
  readonly provider: CommitmentProvider<CustomRequest>;
  /** The clock of the simulation. Code that reads the machine's clock lives in another time. */
  readonly clock: Clock;
  /** Resolves after a time of the simulation: what `setTimeout` is in your code. */
  sleep(ms: number): Promise<void>;
  /** A table of your own database, which outlives all processes. It holds JSON. */
  readonly table: EmbedderTable;
  /** Your own queue. It delivers each message to `onMessage` of some process, at least once. */
  readonly queue: { send(message: unknown): Promise<void> };
  /** Wraps a port of your own for this process. Its calls must not wait for anything outside of the simulation. */
  crashing<Port extends AsyncPort<Port>>(port: Port): Port;
}

/** A durable table with one JSON value for each key. */
export interface EmbedderTable {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  /** Stores the value unless the key has one, in one statement. False if it has. */
  insert(key: string, value: unknown): Promise<boolean>;
  delete(key: string): Promise<void>;
  keys(): Promise<readonly string[]>;
}

/** Work that a process begins again and again, whether or not its last round has ended. */
export interface CronJob {
  readonly everyMs: number;
  run(): Promise<unknown>;
}

/**
 * The code of one process of yours.
 *
 * A function that resolves acknowledges what it was called for. If it rejects, or its process dies, it is called again
 * later, as a queue delivers again what was not acknowledged. It may be called again in any case: deliveries come at
 * least once, and a slow one may still be at work.
 */
export interface EmbedderHandlers {
  /** Somebody ordered and a person approved this basket. It is to be bought once. */
  onOrder(order: PurchaseOrder): Promise<unknown>;
  /** A message of your own queue. */
  onMessage?(message: unknown): Promise<unknown>;
  /** What your scheduler calls. An error of a round is noted, and the next round begins in time. */
  readonly cron?: CronJob | readonly CronJob[];
}

/** Your code around the library, called for each process that starts. */
export type Embedder = (process: EmbedderProcess) => EmbedderHandlers | Promise<EmbedderHandlers>;

const HANDLERS: KeysOf<EmbedderHandlers> = { onOrder: true, onMessage: true, cron: true };
const CRON_JOB: KeysOf<CronJob> = { everyMs: true, run: true };

/** Throws `INVALID_REQUEST` for handlers of which one would never be called. */
export function checkEmbedderHandlers(handlers: EmbedderHandlers): void {
  if (isPlainObject(handlers)) checkKeys("handlers", handlers, HANDLERS);
  const { onMessage } = handlers;
  refuse([
    ...lackingProblems("handlers", handlers, ["onOrder"]),
    ...functionProblems("handlers.onMessage", onMessage),
    ...cronJobsOf(handlers).flatMap(cronProblems),
  ]);
  for (const job of cronJobsOf(handlers)) if (isPlainObject(job)) checkKeys("handlers.cron", job, CRON_JOB);
}

/** The cron jobs of a process, as a list. */
export const cronJobsOf = ({ cron = [] }: EmbedderHandlers): readonly CronJob[] => [cron].flat();

const cronProblems = ({ everyMs, run }: CronJob): readonly InputProblem[] => [
  ...(Number.isFinite(everyMs) && everyMs >= 1_000
    ? []
    : [{ path: "handlers.cron.everyMs", problem: "must be a time span of at least 1000 milliseconds" }]),
  ...functionProblems("handlers.cron.run", run ?? null),
];
