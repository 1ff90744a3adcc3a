import type { EpochMs } from "../domain/clock.js";
import type { Recommendation, StoredRecommendation } from "../domain/recommendation.js";
import type { CollectionLock } from "./collection-lock.js";

/** Which run writes, and about which source. */
export interface SourceSweep {
  readonly scope: string;
  /** The run that holds the mark of the scope. */
  readonly owner: string;
  readonly source: string;
}

/** Which run writes about one account of a source. */
export interface AccountSweep extends SourceSweep {
  /** The account that was asked. */
  readonly askedAccount: string;
}

/** Why a source has no new data. */
export interface SourceError {
  readonly message: string;
  /** In how many places it failed. */
  readonly failures: number;
}

/** How fresh the data of one source is. */
export interface SourceFreshness {
  readonly source: string;
  /** When a run last got all of the source's data. Null if none has. */
  readonly succeededAt: EpochMs | null;
  /** The error of the last run. Null if it had none. */
  readonly error: (SourceError & { readonly at: EpochMs }) | null;
}

/** Which recommendations are wanted. */
export interface RecommendationQuery {
  readonly scope: string;
  /** Only those of these sources. */
  readonly sources?: readonly string[];
  readonly service?: string;
  readonly account?: string;
  /** Those after this position. */
  readonly after?: string;
  readonly limit: number;
}

/** A stored recommendation with its place in the order of all. */
export interface PlacedRecommendation {
  /** Text that orders as the recommendations do: by source, account, region, service and key. */
  readonly position: string;
  /** How long ago the run started that reported it last, by the store's clock. */
  readonly ageMs: number;
  readonly recommendation: StoredRecommendation;
}

/**
 * Keeps the recommendations of a scope, and lets one run at a time change them. The law, besides that of
 * {@link CollectionLock}:
 *
 * - Each write compares the owner of the scope's mark in its own statement. A run that lost its mark changes nothing and
 *   gets false, even if it lost it a moment ago.
 * - `put` replaces what has the same natural key in the scope, and keeps all else. What it stores counts as collected when
 *   the run started.
 * - `completeAccount` removes what this run did not put of the source and account. `completeSource` removes what this
 *   run did not put of the source, of accounts that are no longer asked too, and moves its freshness. Nothing else
 *   removes anything, so what a failed or partial sweep does not report stays.
 * - A run is known by its owner. What it put before it was handed over counts as put by another run.
 * - `failSource` keeps the error, and leaves the time of the last success as it is.
 */
export interface RecommendationStore extends CollectionLock {
  /**
   * Stores what a sweep reports, some at a time. Each recommendation names the source and the asked account of the sweep.
   * Of several with one natural key, the last is stored.
   */
  put(sweep: AccountSweep, recommendations: readonly Recommendation[]): Promise<boolean>;
  /** Says that the run has put everything that the account's sweep reports. */
  completeAccount(sweep: AccountSweep): Promise<boolean>;
  /** Says that the run has put everything of every account. */
  completeSource(sweep: SourceSweep): Promise<boolean>;
  /** Says that the run did not get everything. */
  failSource(sweep: SourceSweep, error: SourceError): Promise<boolean>;
  /** The stored recommendations in the order of their positions. */
  list(query: RecommendationQuery): Promise<readonly PlacedRecommendation[]>;
  /** How fresh each source is, in the order of their names. */
  freshness(scope: string): Promise<readonly SourceFreshness[]>;
}
