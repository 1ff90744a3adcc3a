import type { AzureScope } from "../../domain/commitment-request/azure-common.js";
import {
  AZURE_RESERVED_RESOURCE_TYPES,
  type AzureReservationsRequest,
} from "../../domain/commitment-request/azure-reservations.js";
import type { AzureSavingsPlansRequest } from "../../domain/commitment-request/azure-savings-plans.js";
import { ALL_TERMS } from "../../domain/commitment-request/common.js";
import type { Arbitrary, FastCheck } from "../fast-check.js";
import { commonFields, hourlySizeArbitrary, merged, toleranceArbitrary } from "./common-fields.js";

/** Requests of every Azure service that is built in, by service. */
export const azureRequests = (fc: FastCheck) => ({
  "azure.reservations": reservations(fc),
  "azure.savings-plans": savingsPlans(fc),
});

const payment = (fc: FastCheck) => fc.constantFrom("all_upfront" as const, "no_upfront" as const);

const shared = (fc: FastCheck) => ({ account: fc.uuid(), payment: payment(fc), scope: scope(fc) });

function scope(fc: FastCheck): Arbitrary<AzureScope> {
  const groupName = fc.stringMatching(/^[-\w.()]{1,90}$/);
  return fc.oneof(
    fc.constant({ type: "shared" as const }),
    fc.record({ type: fc.constant("subscription" as const), subscriptionId: fc.uuid() }),
    fc.record({
      type: fc.constant("resource_group" as const),
      subscriptionId: fc.uuid(),
      resourceGroup: groupName,
    }),
    fc.record({ type: fc.constant("management_group" as const), tenantId: fc.uuid(), managementGroup: groupName }),
  );
}

function reservations(fc: FastCheck): Arbitrary<AzureReservationsRequest> {
  const fields = fc.record({
    service: fc.constant("azure.reservations" as const),
    ...commonFields(fc),
    ...shared(fc),
    term: fc.constantFrom(...ALL_TERMS),
    region: fc.constantFrom("westeurope", "eastus2", "uksouth"),
    sku: fc.constantFrom("Standard_D2s_v3", "SQLDB_GP_Compute_Gen5", "P1 v3 (Linux)"),
  });
  const types = fc.oneof(
    fc.record(
      { reservedResourceType: fc.constant("VirtualMachines" as const), instanceFlexibility: fc.boolean() },
      { requiredKeys: ["reservedResourceType"] },
    ),
    fc.record({ reservedResourceType: fc.constantFrom(...AZURE_RESERVED_RESOURCE_TYPES) }),
    fc.record({ reservedResourceType: fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,63}$/).filter(isSold) }),
  );
  return merged(fc, merged(fc, fields, types), merged(fc, renewal(fc), toleranceArbitrary(fc)));
}

/** No API sells Azure AI Search, whatever the case of its name. */
const isSold = (type: string): boolean => type.toLowerCase() !== "searchservice";

const renewal = (fc: FastCheck) => fc.record({ renew: fc.boolean() }, { requiredKeys: [] });

function savingsPlans(fc: FastCheck): Arbitrary<AzureSavingsPlansRequest> {
  const fields = fc.record({
    service: fc.constant("azure.savings-plans" as const),
    region: fc.constant("global" as const),
    quantity: fc.constant(1),
    ...shared(fc),
  });
  const kind = fc.record({ sku: fc.constantFrom("Compute_Savings_Plan", "Some.Other_Plan-1") }, { requiredKeys: [] });
  const size = merged(fc, hourlySizeArbitrary(fc), toleranceArbitrary(fc));
  return merged(fc, merged(fc, fields, kind), merged(fc, renewal(fc), size));
}
