export { gcpCommittedUseDiscounts } from "./committed-use-discounts.js";
export type {
  GcpCallOptions,
  GcpClients,
  GcpCommitmentResource,
  GcpListOptions,
  GcpTarget,
  RecommendationMark,
  Recommender,
  RegionCommitments,
  RegionOperations,
} from "./gcp-clients.js";
export type { GcpProviderOptions, GcpTiming } from "./gcp-provider-options.js";
