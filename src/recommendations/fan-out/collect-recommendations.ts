import { setMaxListeners } from "node:events";
import pMap from "p-map";
import { anySignal } from "../../domain/any-signal.js";
import { systemClock } from "../../domain/clock.js";
import { BuyonceError, isBuyonceError } from "../../domain/errors.js";
import { invalidArgument } from "../../domain/input-problem.js";
import { consoleLogger, type Logger } from "../../domain/logger.js";
import { refuse } from "../../domain/options.js";
import type { Recommendation } from "../../domain/recommendation.js";
import type { AccountDirectory, RecommendationSource, SourceContext } from "../../providers/recommendation-source.js";
import { type AccountCollection, type AccountTask, collectAccount } from "./collect-account.js";
import { type CollectionFailure, type CollectionPlace, failureAt, failuresInWords } from "./collection-failure.js";
import { type CollectionOptions, limitProblems, type SourceAccounts, sourceProblems } from "./collection-options.js";
import { parallelismFromEnv } from "./parallelism.js";
import { type CallLimits, sourceCalls } from "./source-calls.js";

/** What a run of a collection does besides. */
export interface CollectionHooks {
  /** Awaited with each account that has been collected. */
  readonly onAccount: (collected: AccountCollection) => Promise<void>;
  /** Whether the result holds the recommendations. */
  readonly keeps: boolean;
  /** Awaited before each request. */
  readonly onAttempt: () => Promise<void>;
}

/** What came of one source. */
export interface SourceCollection {
  readonly source: string;
  /** Its accounts in the order of the configuration, or of their directory. */
  readonly accounts: readonly AccountCollection[];
  /** The failures of the source itself and of its accounts. Empty if everything arrived. */
  readonly failures: readonly CollectionFailure[];
}

/** The data that arrived, and what did not. */
export interface CollectedRecommendations {
  /** In the order of the configuration: by source, account, and part. */
  readonly recommendations: readonly Recommendation[];
  /** In the same order. Each part that failed stands here once. */
  readonly failures: readonly CollectionFailure[];
}

/**
 * Asks all sources about all their accounts, side by side, and merges what arrives.
 *
 * The result does not depend on which answer comes first. Failures come back beside the data that did arrive. Throws
 * `COLLECTION_FAILED` if nothing arrived and something failed, and `COLLECTION_CANCELED` as soon as the signal aborts.
 */
export async function collectRecommendations(options: CollectionOptions): Promise<CollectedRecommendations> {
  if (typeof options !== "object" || options === null) throw invalidArgument("options", "must be an object");
  refuse([...sourceProblems(options.sources), ...limitProblems(options)]);
  const sources = await collectSources(options, { onAccount: async () => {}, onAttempt: async () => {}, keeps: true });
  refuseNothing(sources);
  return {
    recommendations: sources.flatMap(({ accounts }) => accounts.flatMap(({ recommendations }) => recommendations)),
    failures: sources.flatMap(({ failures }) => failures),
  };
}

/**
 * Does what {@link collectRecommendations} does, with hooks, and returns the result by sources, even if nothing arrived.
 */
export async function collectSources(
  options: CollectionOptions,
  hooks: CollectionHooks,
): Promise<readonly SourceCollection[]> {
  const { logger = consoleLogger, clock = systemClock } = options;
  const canceling = anySignal(options.signal === undefined ? [] : [options.signal]);
  // Each request listens to it.
  setMaxListeners(0, canceling);
  const parallelism = { ...parallelismFromEnv(process.env, logger), ...options.parallelism };
  const progress = progressOf(options.onProgress, logger);
  const calls = sourceCalls(limitsOf(options, parallelism.calls), {
    signal: canceling,
    clock,
    onAttempt: hooks.onAttempt,
  });
  const contextOf = (who: Parameters<typeof calls.callsOf>[0]): SourceContext => ({
    signal: canceling,
    logger,
    call: calls.callsOf(who),
  });
  try {
    const discovered = await discover(options.sources, contextOf);
    const collected = await pMap(
      accountTasks(options.sources, discovered),
      async ({ position, ...task }) => {
        const { source, account } = task;
        const context = contextOf({ account, faultOf: source.faultOf });
        const collection = await collectAccount(task, { context, clock, regions: parallelism.regions, ...progress });
        await hooks.onAccount(collection);
        return { position, collection: hooks.keeps ? collection : { ...collection, recommendations: [] } };
      },
      { concurrency: parallelism.calls, signal: canceling },
    );
    return bySource(options.sources, discovered, collected);
  } catch (thrown) {
    if (canceling.aborted) throw canceled(canceling);
    throw thrown;
  }
}

const limitsOf = (
  { attempts = 5, firstWaitMs = 1_000, requestTimeoutMs = 30_000 }: CollectionOptions,
  calls: number,
): CallLimits => ({ calls, attempts, firstWaitMs, longestWaitMs: Math.max(firstWaitMs, 30_000), requestTimeoutMs });

type Accounts = { readonly accounts: readonly string[] } | { readonly failure: CollectionFailure };

/** The accounts of each source, in the order of the sources. A directory that several sources share is asked once. */
async function discover(
  sources: readonly SourceAccounts[],
  contextOf: (who: { account: string; faultOf: RecommendationSource["faultOf"] }) => SourceContext,
): Promise<readonly Accounts[]> {
  const asked = new Map<AccountDirectory, Promise<readonly string[]>>();
  const ask = (directory: AccountDirectory): Promise<readonly string[]> => {
    const context = contextOf({ account: directory.name, faultOf: directory.faultOf });
    const answer = asked.get(directory) ?? directory.accounts(context);
    asked.set(directory, answer);
    return answer;
  };
  return Promise.all(
    sources.map(async ({ source, accounts }): Promise<Accounts> => {
      if (!("name" in accounts)) return { accounts };
      try {
        return { accounts: await ask(accounts) };
      } catch (thrown) {
        const place = { source: source.name, account: null, about: `the accounts of ${accounts.name}` };
        return { failure: failureAt(place, thrown, accounts.faultOf) };
      }
    }),
  );
}

interface PlacedTask extends AccountTask {
  /** The position of the source. */
  readonly position: number;
}

/** All accounts of all sources, the first accounts of all sources first, so that no cloud waits for another. */
function* accountTasks(sources: readonly SourceAccounts[], discovered: readonly Accounts[]): Generator<PlacedTask> {
  const lists = discovered.map((found) => ("accounts" in found ? found.accounts : []));
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  for (let rank = 0; rank < longest; rank += 1)
    for (const [position, { source }] of sources.entries()) {
      const account = lists[position]?.[rank];
      if (account !== undefined) yield { source, account, position };
    }
}

function bySource(
  sources: readonly SourceAccounts[],
  discovered: readonly Accounts[],
  collected: readonly { readonly position: number; readonly collection: AccountCollection }[],
): readonly SourceCollection[] {
  const accountsOf: AccountCollection[][] = sources.map(() => []);
  for (const { position, collection } of collected) accountsOf[position]?.push(collection);
  return sources.map(({ source }, position) => {
    const found = discovered[position];
    const accounts = accountsOf[position] ?? [];
    const own = found !== undefined && "failure" in found ? [found.failure] : [];
    return { source: source.name, accounts, failures: [...own, ...accounts.flatMap(({ failures }) => failures)] };
  });
}

/** Throws `COLLECTION_FAILED` if nothing arrived and something failed: that is no empty result. */
export function refuseNothing(sources: readonly SourceCollection[]): void {
  const failures = sources.flatMap((source) => source.failures);
  const arrived = sources.some(({ accounts }) => accounts.some((account) => account.arrived));
  if (failures.length === 0 || arrived) return;
  throw new BuyonceError("COLLECTION_FAILED", `Nothing was collected: ${failuresInWords(failures)}.`, {
    details: { failures: failures.slice(0, 100), failureCount: failures.length },
  });
}

const canceled = ({ reason }: AbortSignal): BuyonceError =>
  isBuyonceError(reason)
    ? reason
    : new BuyonceError("COLLECTION_CANCELED", "The collection was canceled before it was complete.", { cause: reason });

/** Counts the parts, and tells about them. */
function progressOf(
  onProgress: CollectionOptions["onProgress"],
  logger: Logger,
): { onParts(count: number): void; onPart(place: CollectionPlace, ms: number): void } {
  let done = 0;
  let total = 0;
  return {
    onParts(count) {
      total += count;
    },
    onPart(place, ms) {
      done += 1;
      try {
        onProgress?.({ done, total, place, ms });
      } catch (thrown) {
        logger.error("onProgress threw", { error: thrown });
      }
    },
  };
}
