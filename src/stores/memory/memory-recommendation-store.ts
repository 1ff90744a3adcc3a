import { type Clock, type EpochMs, systemClock } from "../../domain/clock.js";
import { invalidArgument } from "../../domain/input-problem.js";
import { checkKeys } from "../../domain/options.js";
import type { StoredRecommendation } from "../../domain/recommendation.js";
import type { CollectionMark } from "../../store-port/collection-lock.js";
import { positionOf } from "../../store-port/recommendation-position.js";
import type {
  PlacedRecommendation,
  RecommendationStore,
  SourceFreshness,
  SourceSweep,
} from "../../store-port/recommendation-store.js";
import { copyOf } from "./copy-of.js";

interface Scope {
  running: CollectionMark | null;
  lastCollectedAt: EpochMs | null;
  lastFinishedAt: EpochMs | null;
  readonly recommendations: Map<string, Kept>;
  readonly freshness: Map<string, SourceFreshness>;
}

interface Kept {
  readonly position: string;
  readonly recommendation: StoredRecommendation;
  /** The run that put it last. */
  readonly owner: string;
}

/** Options of a store in memory. */
interface MemoryRecommendationStoreOptions {
  /** The clock that gives every time stamp and judges every mark. Default: the machine's clock. */
  readonly clock?: Clock;
}

/** A store of recommendations in the memory of this process, for tests and experiments. It keeps the whole law of its port. */
export function memoryRecommendationStore(options: MemoryRecommendationStoreOptions = {}): RecommendationStore {
  checkKeys("options", options, { clock: true });
  const { clock = systemClock } = options;
  if (typeof clock?.now !== "function")
    throw invalidArgument("options.clock", "must be a clock, such as manualClock()");
  const scopes = new Map<string, Scope>();
  const scopeOf = (name: string): Scope => {
    const scope = scopes.get(name) ?? {
      ...{ running: null, lastCollectedAt: null, lastFinishedAt: null },
      ...{ recommendations: new Map(), freshness: new Map() },
    };
    scopes.set(name, scope);
    return scope;
  };
  /** Does something for the run that has the mark, and nothing for any other. */
  const asOwner = (
    run: Pick<SourceSweep, "scope" | "owner">,
    act: (scope: Scope, mark: CollectionMark) => void,
  ): boolean => {
    const scope = scopeOf(run.scope);
    if (scope.running?.owner !== run.owner) return false;
    act(scope, scope.running);
    return true;
  };
  const forget = (scope: Scope, isMeant: (kept: Kept) => boolean): void => {
    for (const [key, kept] of scope.recommendations) if (isMeant(kept)) scope.recommendations.delete(key);
  };
  return {
    async tryStart({ scope: name, owner, ttlMs }) {
      const scope = scopeOf(name);
      const now = clock.now();
      if (scope.running !== null && scope.running.expiresAt > now) return { kind: "running", ...scope.running };
      scope.running = { owner, startedAt: now, expiresAt: now + ttlMs };
      return { kind: "started", startedAt: now, lastCollectedAt: scope.lastCollectedAt };
    },
    renew: async ({ ttlMs, ...run }) =>
      asOwner(run, (scope, mark) => {
        scope.running = { ...mark, expiresAt: clock.now() + ttlMs };
      }),
    handOver: async ({ ttlMs, to, ...run }) =>
      asOwner(run, (scope, mark) => {
        scope.running = { ...mark, owner: to, expiresAt: clock.now() + ttlMs };
      }),
    finish: async ({ outcome, ...run }) =>
      asOwner(run, (scope) => {
        scope.running = null;
        if (outcome === "collected") scope.lastCollectedAt = clock.now();
        if (outcome !== "not_started") scope.lastFinishedAt = clock.now();
      }),
    async state(name) {
      const { running, lastCollectedAt, lastFinishedAt } = scopeOf(name);
      return { running: copyOf(running), lastCollectedAt, lastFinishedAt };
    },
    put: async (sweep, recommendations) =>
      asOwner(sweep, (scope, { startedAt: collectedAt }) => {
        for (const given of copyOf(recommendations)) {
          const recommendation = { ...given, collectedAt };
          scope.recommendations.set(given.key, { position: positionOf(given), recommendation, owner: sweep.owner });
        }
      }),
    completeAccount: async ({ source, askedAccount, ...run }) =>
      asOwner(run, (scope) =>
        forget(scope, ({ owner, recommendation }) => {
          const isSwept = recommendation.source === source && recommendation.askedAccount === askedAccount;
          return isSwept && owner !== run.owner;
        }),
      ),
    completeSource: async ({ source, ...run }) =>
      asOwner(run, (scope) => {
        forget(scope, ({ owner, recommendation }) => recommendation.source === source && owner !== run.owner);
        scope.freshness.set(source, { source, succeededAt: clock.now(), error: null });
      }),
    failSource: async ({ source, ...run }, error) =>
      asOwner(run, (scope) => {
        const succeededAt = scope.freshness.get(source)?.succeededAt ?? null;
        scope.freshness.set(source, { source, succeededAt, error: { ...error, at: clock.now() } });
      }),
    async list({ scope, sources, service, account, after = "", limit }) {
      const wanted = [...scopeOf(scope).recommendations.values()].filter(
        ({ position, recommendation: found }) =>
          position > after &&
          (sources?.includes(found.source) ?? true) &&
          (service === undefined || found.service === service) &&
          (account === undefined || found.account === account),
      );
      const page = wanted.sort((a, b) => (a.position < b.position ? -1 : 1)).slice(0, limit);
      return copyOf(
        page.map(({ position, recommendation }): PlacedRecommendation => {
          const ageMs = Math.max(0, clock.now() - recommendation.collectedAt);
          return { position, ageMs, recommendation };
        }),
      );
    },
    async freshness(name) {
      const sources = [...scopeOf(name).freshness.values()];
      return copyOf(sources.sort((a, b) => (a.source < b.source ? -1 : 1)));
    },
  };
}
