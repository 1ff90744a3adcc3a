export type { AzureClient, AzureTarget } from "./azure-client.js";
export type { AzureProviderOptions, AzureTiming } from "./azure-provider-options.js";
export { type AzureReservationsOptions, azureReservations } from "./azure-reservations.js";
export { azureSavingsPlans } from "./azure-savings-plans.js";
