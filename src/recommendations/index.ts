// Collecting: one run at a time, started by whoever asks first.

export type { CollectionPayload } from "./collection-payload.js";
export { parseCollectionPayload } from "./collection-payload.js";
export type { CollectionReport, SourceReport } from "./collection-run.js";
export {
  createRecommendations,
  type Freshness,
  type Recommendations,
  type RecommendationsOptions,
  type Refresh,
} from "./recommendations.js";

// Reading what was collected, without what is open or freshly bought.

export type {
  ListedRecommendation,
  ListedRecommendations,
  NeedSuppressions,
  RecommendationListing,
  RecommendationReader,
  SuppressedNeed,
} from "./list-recommendations.js";

// From recommendations to lines.

export { chooseRecommendations, type RecommendationPreference } from "./choose-recommendations.js";
export { type LineChoice, type RecommendedLine, toLine } from "./to-line.js";

// From a coverage to another, in dated steps.

export { type LadderGoal, type LadderPlan, type LadderStep, planLadder } from "./ladder/plan-ladder.js";
export type { StepInterval } from "./ladder/step-dates.js";

// Collecting without a store.

export { type CollectedRecommendations, collectRecommendations } from "./fan-out/collect-recommendations.js";
export type { CollectionFailure, CollectionPlace } from "./fan-out/collection-failure.js";
export type { CollectionOptions, CollectionProgress, SourceAccounts } from "./fan-out/collection-options.js";
export { type Parallelism, parallelismFromEnv } from "./fan-out/parallelism.js";

// What a recommendation is.

export type {
  Offer,
  Recommendation,
  ReportedFigures,
  ReportedRecommendation,
  StoredRecommendation,
  UnitPrice,
  UnpricedRequest,
} from "../domain/recommendation.js";

// The ports: sources, directories of accounts, the lock and the store.

export type * from "../providers/recommendation-source.js";
export type * from "../store-port/collection-lock.js";
export type * from "../store-port/recommendation-store.js";
export { memoryRecommendationStore } from "../stores/memory/memory-recommendation-store.js";
