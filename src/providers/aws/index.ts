export type { AwsClient, AwsClientConfig, AwsEndpoint, AwsIdentity, AwsTarget } from "./aws-client.js";
export type { AwsProviderOptions } from "./aws-provider-options.js";
export type { AwsTiming } from "./aws-timing.js";
export type { StsClient } from "./caller-account.js";
export type { Ec2Client } from "./ec2-client.js";
export type {
  CombinationOptions,
  LookbackDays,
  RecommendationScope,
} from "./recommendations/combination.js";
export type { CostExplorerClient } from "./recommendations/cost-explorer-client.js";
export type { CostExplorerOptions } from "./recommendations/cost-explorer-options.js";
export {
  type AwsOrganizationAccountsOptions,
  awsOrganizationAccounts,
  type OrganizationsClient,
} from "./recommendations/organization-accounts.js";
export type { RecommendedServiceName } from "./recommendations/reservable.js";
export {
  type AwsReservationRecommendationsOptions,
  awsReservationRecommendations,
} from "./recommendations/reservation-recommendations.js";
export type { RecommendedPlanType } from "./recommendations/savings-plan-report.js";
export {
  type AwsSavingsPlansRecommendationsOptions,
  awsSavingsPlansRecommendations,
} from "./recommendations/savings-plans-recommendations.js";
export { ec2CapacityBlocks } from "./services/ec2-capacity-blocks.js";
export { type DedicatedHostsTiming, ec2DedicatedHostReservations } from "./services/ec2-dedicated-host-reservations.js";
export { type Ec2Timing, ec2ReservedInstances } from "./services/ec2-reserved-instances.js";
export { type ElastiCacheClient, elastiCacheReservedNodes } from "./services/elasticache-reserved-nodes.js";
export { type MemoryDbClient, memoryDbReservedNodes } from "./services/memorydb-reserved-nodes.js";
export { type OpenSearchClient, openSearchReservedInstances } from "./services/opensearch-reserved-instances.js";
export { type RdsClient, rdsReservedInstances } from "./services/rds-reserved-instances.js";
export type { RedshiftClient } from "./services/redshift-reserved-nodes/redshift-client.js";
export { redshiftReservedNodes } from "./services/redshift-reserved-nodes.js";
export {
  type RedshiftServerlessClient,
  redshiftServerlessReservations,
} from "./services/redshift-serverless-reservations.js";
export type { SavingsPlansClient } from "./services/savings-plans/savings-plans-client.js";
export { type SavingsPlansTiming, savingsPlans } from "./services/savings-plans.js";
export { TOKEN_TAG } from "./token-tag.js";
