export { gcpCommittedUseDiscounts } from "./committed-use-discounts.js";
export type {
  GcpCallOptions,
  GcpClients,
  GcpCommitmentResource,
  GcpListOptions,
  GcpReservationResource,
  GcpTarget,
  RecommendationMark,
  Recommender,
  RegionCommitments,
  RegionOperations,
} from "./gcp-clients.js";
export type { GcpCommonOptions, GcpProviderOptions, GcpTiming } from "./gcp-provider-options.js";
export type { UnpricedComputeLine } from "./recommendations/compute-report.js";
export { type GcpProjectsOptions, gcpProjects } from "./recommendations/gcp-projects.js";
export type { RecommendedOperation } from "./recommendations/google-recommendation.js";
export type { ListingRecommender, Regions } from "./recommendations/listing-clients.js";
export type { GcpSourceOptions } from "./recommendations/source-settings.js";
export {
  type GcpSpendRecommendationOptions,
  gcpSpendRecommendations,
} from "./recommendations/spend-recommendations.js";
export type { GcpSpendCommitment, GcpSpendRecommendation } from "./recommendations/spend-report.js";
export {
  type GcpUsageClients,
  type GcpUsageOptions,
  gcpUsageRecommendations,
} from "./recommendations/usage-recommendations.js";
export type { GcpAuthorizedClient, GcpHttpRequest } from "./spend-commitments/authorized-client.js";
export type { GcpSpendOptions } from "./spend-commitments/connect-orders.js";
export { gcpSpendCommitments } from "./spend-commitments.js";
