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
export type { GcpAuthorizedClient, GcpHttpRequest } from "./spend-commitments/authorized-client.js";
export type { GcpSpendOptions } from "./spend-commitments/connect-orders.js";
export { gcpSpendCommitments } from "./spend-commitments.js";
