import type { AzureReservationsRequest } from "../../../src/domain/commitment-request/azure-reservations.js";
import type { AzureSavingsPlansRequest } from "../../../src/domain/commitment-request/azure-savings-plans.js";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";

export const SUBSCRIPTION = "11111111-1111-4111-8111-111111111111";
export const OTHER_SUBSCRIPTION = "22222222-2222-4222-8222-222222222222";

export const TOKEN = deriveIdempotencyToken("lin_test", 0);
export const OTHER_TOKEN = deriveIdempotencyToken("lin_test", 1);

export const usd = (amount: string) => ({ amount, currency: "USD" });

/** Two Standard_D2s_v3 for a year, paid upfront, at the simulator's price. */
export const reservationRequest = (more: Partial<AzureReservationsRequest> = {}): AzureReservationsRequest => ({
  service: "azure.reservations",
  account: SUBSCRIPTION,
  region: "westeurope",
  quantity: 2,
  term: "1yr",
  payment: "all_upfront",
  expectedPrice: usd("1145.52"),
  reservedResourceType: "VirtualMachines",
  sku: "Standard_D2s_v3",
  scope: { type: "shared" },
  ...more,
});

/** A plan of half a dollar an hour for a year, paid upfront. */
export const planRequest = (more: Partial<AzureSavingsPlansRequest> = {}): AzureSavingsPlansRequest => ({
  service: "azure.savings-plans",
  account: SUBSCRIPTION,
  region: "global",
  quantity: 1,
  term: "1yr",
  payment: "all_upfront",
  expectedPrice: usd("4380"),
  hourlyCommitment: "0.5",
  scope: { type: "shared" },
  ...more,
});
