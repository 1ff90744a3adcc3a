import type { AzureScope } from "../../domain/commitment-request/azure-common.js";

/** The scope in small letters. Azure does not tell the names of groups apart by their case. */
export function sameScope(scope: AzureScope): AzureScope {
  if (scope.type === "resource_group") return { ...scope, resourceGroup: scope.resourceGroup.toLowerCase() };
  if (scope.type === "management_group") return { ...scope, managementGroup: scope.managementGroup.toLowerCase() };
  return scope;
}
