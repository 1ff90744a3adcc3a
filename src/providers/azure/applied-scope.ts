import type { AzureScope } from "../../domain/commitment-request/azure-common.js";

/** A scope as Azure names it: the type, and the ids under the names that `AppliedScopeProperties` gives them. */
export interface AppliedScope {
  readonly appliedScopeType: "Shared" | "Single" | "ManagementGroup";
  readonly appliedScopeProperties?: Readonly<Record<string, string>>;
}

/** The fields of a purchase that say to what its benefit applies. */
export function appliedScope(scope: AzureScope): AppliedScope {
  switch (scope.type) {
    case "shared":
      return { appliedScopeType: "Shared" };
    case "subscription":
      return single({ subscriptionId: `/subscriptions/${scope.subscriptionId}` });
    case "resource_group":
      return single({
        resourceGroupId: `/subscriptions/${scope.subscriptionId}/resourceGroups/${scope.resourceGroup}`,
      });
    case "management_group":
      return {
        appliedScopeType: "ManagementGroup",
        appliedScopeProperties: {
          tenantId: scope.tenantId,
          managementGroupId: `/providers/Microsoft.Management/managementGroups/${scope.managementGroup}`,
        },
      };
  }
}

const single = (appliedScopeProperties: Readonly<Record<string, string>>): AppliedScope => ({
  appliedScopeType: "Single",
  appliedScopeProperties,
});
