export type { AzureClient, AzureTarget } from "./azure-client.js";
export { AZURE_ABSENT_CODES } from "./azure-error-codes.js";
export type { AzureProviderOptions, AzureTiming } from "./azure-provider-options.js";
export { type AzureReservationsOptions, azureReservations } from "./azure-reservations.js";
export { azureSavingsPlans } from "./azure-savings-plans.js";
export {
  type AzureAccess,
  type AzureAccessCheck,
  type AzureAccessOptions,
  type AzurePurchaseKind,
  checkAzureAccess,
} from "./check-azure-access.js";
export {
  AZURE_RECOMMENDED_RESOURCE_TYPES,
  type AzureReservationRecommendationOptions,
  azureReservationRecommendations,
} from "./recommendations/azure-reservation-recommendations.js";
export {
  type AzureSavingsPlanRecommendationOptions,
  azureSavingsPlanRecommendations,
} from "./recommendations/azure-savings-plan-recommendations.js";
export { type AzureSubscriptionsOptions, azureSubscriptions } from "./recommendations/azure-subscriptions.js";
export type { PlanTerm } from "./recommendations/savings-plan-recommendation.js";
export type {
  AzureLookback,
  AzureRecommendationOptions,
  AzureRecommendationScope,
} from "./recommendations/source-options.js";
