export { credentialsFor, type SimulatorCredentials } from "./aws/account-keys.js";
export type { OfferingsOption } from "./aws/aws-catalogue.js";
export type {
  AwsSimulator,
  AwsUsageControl,
  ConnectedAwsSimulator,
  OfferingsControl,
  OrganizationControl,
} from "./aws/aws-simulator.js";
export type { AwsSimulatorOptions, AwsSimulatorProcessOptions } from "./aws/aws-simulator-options.js";
export { connectAwsSimulator } from "./aws/connect-aws-simulator.js";
export type { PriceChange } from "./aws/regional-offerings.js";
export type { ReservedNodesOffering, ReservedNodesService } from "./aws/reserved-nodes/reserved-nodes-offering.js";
export type { ReservedInstancesOffering } from "./aws/services/ec2/reserved-instances-offering.js";
export type { SavingsPlansOffering } from "./aws/services/savings-plans/savings-plans-offering.js";
export { startAwsSimulator } from "./aws/start-aws-simulator.js";
export { type AwsSimulatorProcess, startAwsSimulatorProcess } from "./aws/start-aws-simulator-process.js";
export type { OrganizationAccount, OrganizationSettings } from "./aws/usage/organization.js";
export type { AwsUsage, InstanceUsage, PlanSpend } from "./aws/usage/usage-book.js";
export type { SimulatorCredential } from "./azure/azure-credential.js";
export type {
  AzureHttpClient,
  AzureHttpHeaders,
  AzureHttpRequest,
  AzureHttpResponse,
} from "./azure/azure-http-client.js";
export type {
  AzureSimulator,
  AzureUsageControl,
  ConnectedAzureSimulator,
  PricesControl,
  SubscriptionsControl,
} from "./azure/azure-simulator.js";
export type { AzureSimulatorOptions, OperationStatesMs, OrderStatesMs } from "./azure/azure-simulator-options.js";
export { connectAzureSimulator } from "./azure/connect-azure-simulator.js";
export type { StatedSubscription } from "./azure/recommendations/subscription-book.js";
export type { StatedUsage } from "./azure/recommendations/usage-book.js";
export type { ReservationPrice } from "./azure/reservations/reservation-prices.js";
export { startAzureSimulator } from "./azure/start-azure-simulator.js";
export type { SimulatorClock } from "./clock.js";
export type { DeliveryFault, EffectFault, Fault } from "./fault.js";
export type { FaultInjection } from "./fault-plan.js";
export type { GcpClientChoice, GcpClientOptions } from "./gcp/client-options.js";
export { connectGcpSimulator } from "./gcp/connect-gcp-simulator.js";
export type {
  ConnectedGcpSimulator,
  GcpSimulator,
  ListedRecommendation,
  RecommendationsControl,
} from "./gcp/gcp-simulator.js";
export type { GcpSimulatorOptions, PrincipalAccess } from "./gcp/gcp-simulator-options.js";
export type { CommitmentRecommendation } from "./gcp/recommender/commitment-recommendation.js";
export type { ResourceUsage, SpendUsage } from "./gcp/recommender/usage.js";
export type { SimulatedProject } from "./gcp/resource-manager/simulated-project.js";
export { startGcpSimulator } from "./gcp/start-gcp-simulator.js";
export type { Ledger, LedgerPurchase, RequestOutcome, SeenRequest } from "./ledger.js";
export type { SimulatorControls, SimulatorTime, StatesControl } from "./simulator-controls.js";
