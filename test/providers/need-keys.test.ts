import { expect, test } from "vitest";
import type { AzureReservationsRequest } from "../../src/domain/commitment-request/azure-reservations.js";
import type { AzureSavingsPlansRequest } from "../../src/domain/commitment-request/azure-savings-plans.js";
import type { GcpComputeRequest } from "../../src/domain/commitment-request/gcp-compute.js";
import { reservationNeedKey } from "../../src/providers/azure/azure-reservations/need-key.js";
import { planNeedKey } from "../../src/providers/azure/azure-savings-plans/savings-plan.js";
import { computeNeedKey } from "../../src/providers/gcp/committed-use-discounts/compute-need-key.js";

const SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";
const COMMON = { account: SUBSCRIPTION, quantity: 1, expectedPrice: { amount: "10", currency: "USD" } } as const;

const RESERVATION: AzureReservationsRequest = {
  ...COMMON,
  service: "azure.reservations",
  region: "westeurope",
  term: "1yr",
  payment: "all_upfront",
  reservedResourceType: "VirtualMachines",
  sku: "Standard_D2s_v3",
  scope: { type: "resource_group", subscriptionId: SUBSCRIPTION, resourceGroup: "Web" },
};

test("a reservation in other letters, or with a default stated, covers the same", () => {
  const key = reservationNeedKey(RESERVATION);
  const same: readonly Partial<AzureReservationsRequest>[] = [
    { sku: "standard_d2s_v3" },
    { reservedResourceType: "virtualmachines" },
    { instanceFlexibility: true },
    { scope: { type: "resource_group", subscriptionId: SUBSCRIPTION, resourceGroup: "web" } },
    { term: "3yr", renew: true },
  ];
  for (const part of same) expect(reservationNeedKey({ ...RESERVATION, ...part })).toBe(key);
  expect(reservationNeedKey({ ...RESERVATION, sku: "Standard_D4s_v3" })).not.toBe(key);
  expect(reservationNeedKey({ ...RESERVATION, scope: { type: "shared" } })).not.toBe(key);
});

test("a plan with the default SKU stated covers the same", () => {
  const plan: AzureSavingsPlansRequest = {
    ...COMMON,
    service: "azure.savings-plans",
    region: "global",
    term: "1yr",
    payment: "no_upfront",
    quantity: 1,
    hourlyCommitment: "1",
    scope: { type: "shared" },
  };
  expect(planNeedKey({ ...plan, sku: "Compute_Savings_Plan" })).toBe(planNeedKey(plan));
  expect(planNeedKey({ ...plan, sku: "Database_Savings_Plan" })).not.toBe(planNeedKey(plan));
});

test("a commitment with the default category stated, or a license by its URL, covers the same", () => {
  const base = {
    ...COMMON,
    service: "gcp.compute",
    region: "us-central1",
    term: "1yr",
    payment: "no_upfront",
  } as const;
  const machine: GcpComputeRequest = { ...base, type: "GENERAL_PURPOSE_N2", resources: { vcpu: 4 } };
  expect(computeNeedKey({ ...machine, category: "MACHINE" })).toBe(computeNeedKey(machine));
  const licensed = (license: string) =>
    computeNeedKey({ ...base, category: "LICENSE", licenseResource: { license, amount: 1 } });
  const path = "projects/suse-cloud/global/licenses/sles-12";
  expect(licensed(`https://www.googleapis.com/compute/v1/${path}`)).toBe(licensed(path));
  expect(licensed(path)).not.toBe(licensed("projects/suse-cloud/global/licenses/sles-15"));
});
