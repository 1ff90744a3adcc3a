import * as z from "zod/mini";
import { SimulatedError } from "../simulated-error.js";
import { invalidContent } from "./read-body.js";

/** Where a benefit applies, as far as it is told by properties. */
export const appliedScopePropertiesSchema = z.object({
  tenantId: z.nullish(z.string()),
  managementGroupId: z.nullish(z.string()),
  subscriptionId: z.nullish(z.string()),
  resourceGroupId: z.nullish(z.string()),
  displayName: z.nullish(z.string()),
});

/** Where a benefit is asked to apply. */
export interface AppliedScope {
  readonly appliedScopeType: string;
  /** The older way to name a subscription as a single scope; only `Microsoft.Capacity` takes it. */
  readonly appliedScopes?: readonly string[] | null | undefined;
  readonly appliedScopeProperties?: z.infer<typeof appliedScopePropertiesSchema> | null | undefined;
}

/** The scope type as Azure shows it to people, which tells a resource group from a subscription. */
export function friendlyScope({ appliedScopeType, appliedScopeProperties }: AppliedScope): string {
  return appliedScopeProperties?.resourceGroupId ? "ResourceGroup" : appliedScopeType;
}

/** What is wrong with the scope; `undefined` if nothing is. */
export function scopeProblem(scope: AppliedScope): SimulatedError | undefined {
  const { appliedScopeType, appliedScopeProperties: properties } = scope;
  if (appliedScopeType === "Shared") return undefined;
  if (appliedScopeType === "Single") return singleScopeProblem(scope);
  if (appliedScopeType !== "ManagementGroup") {
    return invalidContent(`The applied scope type '${appliedScopeType}' is not known.`);
  }
  if (properties?.tenantId && properties.managementGroupId) return undefined;
  return invalidContent("A management group scope needs a tenantId and a managementGroupId.");
}

const SUBSCRIPTION = /^\/subscriptions\/[^/]+$/i;

function singleScopeProblem({ appliedScopes, appliedScopeProperties: properties }: AppliedScope) {
  const named = [...(appliedScopes ?? []), properties?.subscriptionId ?? properties?.resourceGroupId ?? []].flat();
  if (named.length === 0) {
    return new SimulatedError("MissingAppliedScopesForSingle", 400, "A single applied scope needs to be named.");
  }
  if (named.length > 1)
    return new SimulatedError("InvalidSingleAppliedScopesCount", 400, "A single applied scope can only be one.");
  // The specification says that the list is for subscriptions. The code of this refusal is not documented.
  const other = appliedScopes?.find((scope) => !SUBSCRIPTION.test(scope));
  return other === undefined ? undefined : invalidContent(`The applied scope '${other}' is not a subscription.`);
}
