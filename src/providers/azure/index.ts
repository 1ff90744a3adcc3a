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
