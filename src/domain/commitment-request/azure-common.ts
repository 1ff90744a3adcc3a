import * as z from "zod/mini";
import { once } from "../once.js";
import { commonShape } from "./common.js";

/** The resources to which an Azure benefit applies. */
export type AzureScope =
  | { readonly type: "shared" }
  | { readonly type: "subscription"; readonly subscriptionId: string }
  | { readonly type: "resource_group"; readonly subscriptionId: string; readonly resourceGroup: string }
  | { readonly type: "management_group"; readonly tenantId: string; readonly managementGroup: string };

/** A GUID in lower case, because Azure's ids are compared in that form. */
const guid = (what: string) =>
  z.string().check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, `must be ${what}, a GUID in lower case`));

/** Parses {@link AzureScope}. */
export const azureScopeSchema = once(() =>
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("shared") }),
    z.strictObject({ type: z.literal("subscription"), subscriptionId: guid("a subscription id") }),
    z.strictObject({
      type: z.literal("resource_group"),
      subscriptionId: guid("a subscription id"),
      resourceGroup: z.string().check(z.regex(/^[-\w.()]{1,90}$/, "must be the name of a resource group")),
    }),
    z.strictObject({
      type: z.literal("management_group"),
      tenantId: guid("a tenant id"),
      managementGroup: z.string().check(z.regex(/^[-\w.()]{1,90}$/, "must be the name of a management group")),
    }),
  ]),
);

/** The fields that both Azure services share. Azure bills all upfront or all monthly, never partly. */
export const azureShape = once(() => ({
  ...commonShape(),
  account: guid("the billing subscription"),
  payment: z.enum(["all_upfront", "no_upfront"]),
  scope: azureScopeSchema(),
}));
