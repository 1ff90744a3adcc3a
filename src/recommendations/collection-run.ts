import { anySignal } from "../domain/any-signal.js";
import { type Clock, stopwatch, systemClock } from "../domain/clock.js";
import { BuyonceError } from "../domain/errors.js";
import { consoleLogger, type Logger } from "../domain/logger.js";
import { untilAborted } from "../providers/until-aborted.js";
import type { CollectionFinish } from "../store-port/collection-lock.js";
import type { RecommendationStore } from "../store-port/recommendation-store.js";
import type { AccountCollection } from "./fan-out/collect-account.js";
import { collectSources, refuseNothing, type SourceCollection } from "./fan-out/collect-recommendations.js";
import { type CollectionFailure, failuresInWords } from "./fan-out/collection-failure.js";
import type { CollectionOptions } from "./fan-out/collection-options.js";

/** What one run did to one source. */
export interface SourceReport {
  readonly source: string;
  /** How many recommendations arrived. */
  readonly recommendations: number;
  /** Whether everything arrived. Only then is what was not reported any more removed. */
  readonly complete: boolean;
}

/** What a run collected. */
export interface CollectionReport {
  readonly scope: string;
  readonly owner: string;
  /** In the order of the configuration. */
  readonly sources: readonly SourceReport[];
  /** Each part that failed, once, in the order of the configuration. */
  readonly failures: readonly CollectionFailure[];
}

/** A run that has the mark of its scope. */
export interface MarkedRun {
  readonly scope: string;
  readonly owner: string;
  readonly ttlMs: number;
}

/** Recommendations that are stored in one statement. */
const BATCH = 500;

/** A run that cannot clear its mark in this time leaves it to run out. */
const FINISH_WITHIN_MS = 5_000;

/**
 * Collects everything into the store, renews the mark meanwhile, and clears it whatever happens.
 *
 * Throws what `collectRecommendations` throws, and `COLLECTION_LOST` if another run took the mark over. Then nothing of
 * this run is stored any more.
 */
export async function runCollection(
  store: RecommendationStore,
  run: MarkedRun,
  options: CollectionOptions,
): Promise<CollectionReport> {
  const { logger = consoleLogger, clock = systemClock } = options;
  const stopping = new AbortController();
  const signal = options.signal === undefined ? stopping.signal : anySignal([stopping.signal, options.signal]);
  const requireOurs = (isOurs: boolean): void => {
    if (isOurs) return;
    const lost = collectionLost(run);
    stopping.abort(lost);
    throw lost;
  };
  let outcome: CollectionFinish["outcome"] = "failed";
  try {
    const sources = await collectSources(
      { ...options, signal },
      {
        onAttempt: renewal(clock, run.ttlMs, async () => requireOurs(await store.renew(run))),
        onAccount: async (account) => storeAccount(store, run, account, requireOurs),
        keeps: false,
      },
    );
    for (const source of sources) requireOurs(await storeSource(store, run, source));
    refuseNothing(sources);
    outcome = "collected";
    return reportOf(run, sources);
  } finally {
    // Where one thing failed, the requests that are still in flight serve nobody.
    stopping.abort(new Error("the collection is over"));
    await finish(store, { scope: run.scope, owner: run.owner, outcome }, { clock, logger });
  }
}

/** Renews a mark before an attempt, once a third of its time is over. Attempts meanwhile wait for the same renewal. */
function renewal(clock: Clock, ttlMs: number, renew: () => Promise<void>): () => Promise<void> {
  let elapsed = stopwatch(clock);
  let renewing: Promise<void> | undefined;
  return async () => {
    if (renewing === undefined && elapsed() < ttlMs / 3) return;
    renewing ??= renew()
      .then(() => {
        elapsed = stopwatch(clock);
      })
      .finally(() => {
        renewing = undefined;
      });
    await renewing;
  };
}

/** Stores an account as soon as it is there, so that a run holds no more than what it is working on. */
async function storeAccount(
  store: RecommendationStore,
  { scope, owner }: MarkedRun,
  { source, askedAccount, recommendations, failures }: AccountCollection,
  requireOurs: (isOurs: boolean) => void,
): Promise<void> {
  const sweep = { scope, owner, source, askedAccount };
  for (let start = 0; start < recommendations.length; start += BATCH)
    requireOurs(await store.put(sweep, recommendations.slice(start, start + BATCH)));
  if (failures.length === 0) requireOurs(await store.completeAccount(sweep));
}

function storeSource(
  store: RecommendationStore,
  { scope, owner }: MarkedRun,
  { source, failures }: SourceCollection,
): Promise<boolean> {
  const sweep = { scope, owner, source };
  if (failures.length === 0) return store.completeSource(sweep);
  return store.failSource(sweep, { message: failuresInWords(failures), failures: failures.length });
}

function reportOf({ scope, owner }: MarkedRun, sources: readonly SourceCollection[]): CollectionReport {
  return {
    scope,
    owner,
    sources: sources.map(({ source, accounts, failures }) => ({
      source,
      recommendations: accounts.reduce((total, { count }) => total + count, 0),
      complete: failures.length === 0,
    })),
    failures: sources.flatMap(({ failures }) => failures),
  };
}

/**
 * Clears the mark of a run. It does not wait for the signal of whoever canceled the run, and not for ever. A mark that
 * cannot be cleared runs out.
 */
export async function finish(
  store: RecommendationStore,
  { scope, owner, outcome }: CollectionFinish,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<void> {
  try {
    await untilAborted(store.finish({ scope, owner, outcome }), clock.timeout(FINISH_WITHIN_MS));
  } catch (error) {
    logger.error("The mark of a collection could not be cleared. It runs out by itself.", { scope, owner, error });
  }
}

/** The error for a run whose mark another run has taken over, or that was handed over twice. */
export const collectionLost = ({ scope, owner }: Pick<MarkedRun, "scope" | "owner">): BuyonceError =>
  new BuyonceError("COLLECTION_LOST", `The collection ${owner} of "${scope}" has lost its mark to another run.`, {
    details: { scope, owner },
  });
