import type { GcpListOptions } from "../gcp-clients.js";

/** A `RecommenderClient` of @google-cloud/recommender, as far as recommendations are listed with it. */
export interface ListingRecommender {
  listRecommendations(
    request: { parent: string; filter: string; pageSize: number; pageToken?: string },
    options: GcpListOptions,
  ): Promise<readonly [unknown, ...unknown[]]>;
}

/** A `RegionsClient` of @google-cloud/compute, as far as it is needed here. */
export interface Regions {
  list(
    request: { project: string; maxResults: number; pageToken?: string },
    options: GcpListOptions,
  ): Promise<readonly [unknown, ...unknown[]]>;
}
