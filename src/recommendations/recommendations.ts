import { requireSpan } from "../domain/bounds.js";
import { type EpochMs, systemClock } from "../domain/clock.js";
import { BuyonceError } from "../domain/errors.js";
import { newCollectionOwner } from "../domain/id.js";
import type { InputProblem } from "../domain/input-problem.js";
import { consoleLogger, type Logger } from "../domain/logger.js";
import { checkKeys, functionProblems, type KeysOf, lackingProblems, nameProblems, refuse } from "../domain/options.js";
import type { RecommendationStore, SourceFreshness } from "../store-port/recommendation-store.js";
import { type CollectionPayload, parseCollectionPayload } from "./collection-payload.js";
import { type CollectionReport, collectionLost, finish, runCollection } from "./collection-run.js";
import { type CollectionOptions, limitProblems, sourceProblems } from "./fan-out/collection-options.js";
import {
  type ListedRecommendations,
  listRecommendations,
  type NeedSuppressions,
  type RecommendationListing,
} from "./list-recommendations.js";

/** How recommendations are collected, kept and read. */
export interface RecommendationsOptions extends Omit<CollectionOptions, "signal"> {
  readonly store: RecommendationStore;
  /**
   * The engine that buys. What it has open, or has bought lately, is not recommended. Without it, everything is listed
   * that the clouds recommend.
   */
  readonly engine?: NeedSuppressions;
  /** What is collected together: one run at a time for each scope. Default `default`. */
  readonly scope?: string;
  /** After this time without a renewal of its mark, another run may take over. In milliseconds; default 300000. */
  readonly ttlMs?: number;
  /**
   * Hands a run over to whoever runs it: a queue, a Lambda, a workflow. There, `runCollection(payload)` runs it. Without a
   * trigger, a run goes on in this process.
   */
  readonly trigger?: (payload: CollectionPayload) => Promise<void>;
}

/** How a refresh ended: what an HTTP layer answers with 202 or 409. */
export type Refresh =
  | {
      readonly status: "started";
      /** By the store's clock. */
      readonly startedAt: EpochMs;
      /** When the run before collected. Null if nothing has been collected. */
      readonly lastCollectedAt: EpochMs | null;
      /** Ends with the run. Absent where a trigger handed the run over. It need not be awaited. */
      readonly finished?: Promise<CollectionReport>;
    }
  | { readonly status: "running"; readonly since: EpochMs; readonly owner: string };

/** How fresh the data is. */
export interface Freshness {
  /** When the last run ended that collected something. Null if none has. */
  readonly lastCollectedAt: EpochMs | null;
  /** The run under way, since when and by whom. Null if there is none. */
  readonly running: { readonly since: EpochMs; readonly owner: string } | null;
  /** In the order of their names. */
  readonly sources: readonly SourceFreshness[];
}

/** The recommendations of the clouds, collected by one run at a time. */
export interface Recommendations {
  /** Starts a run, unless one is under way, and answers at once. */
  refreshRecommendations(options?: { readonly signal?: AbortSignal }): Promise<Refresh>;
  /**
   * Runs what a trigger handed over, to its end. Of several deliveries of one payload, one runs. The others get
   * `COLLECTION_LOST`.
   */
  runCollection(payload: unknown, options?: { readonly signal?: AbortSignal }): Promise<CollectionReport>;
  /** Reads what is stored. While no run has ever ended, a read starts one, unless one is under way, and returns at once. */
  list(listing?: RecommendationListing): Promise<ListedRecommendations>;
  freshness(): Promise<Freshness>;
}

const KNOWN: KeysOf<RecommendationsOptions> = {
  store: true,
  engine: true,
  scope: true,
  ttlMs: true,
  trigger: true,
  sources: true,
  parallelism: true,
  attempts: true,
  firstWaitMs: true,
  requestTimeoutMs: true,
  onProgress: true,
  logger: true,
  clock: true,
};

/** Makes the recommendations of some sources over a store. Options out of range are refused with `INVALID_REQUEST`. */
export function createRecommendations(options: RecommendationsOptions): Recommendations {
  checkKeys<RecommendationsOptions>("", options, KNOWN);
  refuse([...optionProblems(options)]);
  const { store, scope = "default", logger = consoleLogger, clock = systemClock, trigger, sources } = options;
  const ttlMs = requireSpan("ttlMs", options.ttlMs ?? 300_000);
  const collecting = collectionOptions(options);
  const run = (owner: string, signal?: AbortSignal): Promise<CollectionReport> =>
    runCollection(store, { scope, owner, ttlMs }, { ...collecting, ...(signal && { signal }) });

  async function refreshRecommendations({ signal }: { readonly signal?: AbortSignal } = {}): Promise<Refresh> {
    signal?.throwIfAborted();
    const owner = newCollectionOwner();
    const start = await store.tryStart({ scope, owner, ttlMs });
    if (start.kind === "running") return { status: "running", since: start.startedAt, owner: start.owner };
    const { startedAt, lastCollectedAt } = start;
    if (trigger !== undefined) {
      await handOver(trigger, { version: 1, scope, owner });
      return { status: "started", startedAt, lastCollectedAt };
    }
    const finished = run(owner, signal);
    finished.catch((error: unknown) =>
      logger.error("A collection of recommendations failed.", { scope, owner, error }),
    );
    return { status: "started", startedAt, lastCollectedAt, finished };
  }

  /** A mark without a run would keep others from running, so it is cleared if nobody took the run. */
  async function handOver(hand: NonNullable<typeof trigger>, payload: CollectionPayload): Promise<void> {
    try {
      await hand(parseCollectionPayload(payload));
    } catch (cause) {
      await finish(store, { scope: payload.scope, owner: payload.owner, outcome: "not_started" }, { clock, logger });
      const message = `The collection of "${scope}" could not be handed over.`;
      throw new BuyonceError("COLLECTION_NOT_HANDED_OVER", message, { cause, details: { scope } });
    }
  }

  return {
    refreshRecommendations,
    async runCollection(payload, { signal } = {}) {
      const handed = parseCollectionPayload(payload);
      refuse(handed.scope === scope ? [] : [{ path: "payload.scope", problem: `must be "${scope}"` }]);
      // The run gets a name of its own, so that a second delivery finds the mark in other hands.
      const owner = newCollectionOwner();
      if (!(await store.handOver({ scope, owner: handed.owner, to: owner, ttlMs }))) throw collectionLost(handed);
      return run(owner, signal);
    },
    async list(listing = {}) {
      const { lastFinishedAt } = await store.state(scope);
      if (lastFinishedAt === null) await startFirst(refreshRecommendations, logger);
      return listRecommendations({ store, scope, sources, engine: options.engine }, listing);
    },
    async freshness() {
      const [{ lastCollectedAt, running }, freshness] = await Promise.all([store.state(scope), store.freshness(scope)]);
      return {
        lastCollectedAt,
        running: running && { since: running.startedAt, owner: running.owner },
        sources: freshness,
      };
    },
  };
}

/** A read does not fail because a run could not start. */
async function startFirst(refresh: Recommendations["refreshRecommendations"], logger: Logger): Promise<void> {
  try {
    await refresh();
  } catch (error) {
    logger.error("The first collection of recommendations could not be started.", { error });
  }
}

const collectionOptions = ({
  store: _store,
  engine: _engine,
  scope: _scope,
  ttlMs: _ttlMs,
  trigger: _trigger,
  ...collecting
}: RecommendationsOptions): CollectionOptions => collecting;

const STORE_CALLS = [
  ...["tryStart", "renew", "handOver", "finish", "state"],
  ...["put", "completeAccount", "completeSource", "failSource", "list", "freshness"],
];

function* optionProblems(options: RecommendationsOptions): Generator<InputProblem> {
  const { store, engine, scope, trigger, onProgress, sources } = options;
  if (store === undefined) yield { path: "store", problem: "is missing" };
  yield* lackingProblems("store", store, STORE_CALLS);
  yield* lackingProblems("engine", engine, ["suppressionsOf"]);
  yield* nameProblems("scope", scope);
  yield* functionProblems("trigger", trigger);
  yield* functionProblems("onProgress", onProgress);
  yield* sourceProblems(sources);
  yield* limitProblems(options);
}
