import { listSabotages } from "./sabotaged-recommendation-stores/lists.js";
import { finishSabotages, markSabotages, startSabotages } from "./sabotaged-recommendation-stores/marks.js";
import type { RecommendationSabotage } from "./sabotaged-recommendation-stores/sabotage.js";
import { evictionSabotages, freshnessSabotages } from "./sabotaged-recommendation-stores/sweeps.js";
import { lostWriteSabotages, putSabotages } from "./sabotaged-recommendation-stores/writes.js";

/** The ways of being wrong that a store of recommendations might fall into, by what they concern. */
export const RECOMMENDATION_SABOTAGES: Readonly<Record<string, readonly RecommendationSabotage[]>> = {
  "Starting a collection": startSabotages,
  "The mark of a collection": markSabotages,
  "Ends of collections": finishSabotages,
  "Writes of lost collections": lostWriteSabotages,
  "Storing recommendations": putSabotages,
  "Removing recommendations": evictionSabotages,
  "Freshness of sources": freshnessSabotages,
  "Listing recommendations": listSabotages,
};
