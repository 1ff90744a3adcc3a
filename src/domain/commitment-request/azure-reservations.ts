import * as z from "zod/mini";
import { once } from "../once.js";
import { type AzureScope, azureShape } from "./azure-common.js";
import type { CommonRequest } from "./common.js";

/** The resource types that Azure sells reservations of (`ReservedResourceType`, Microsoft.Capacity 2022-11-01). */
export const AZURE_RESERVED_RESOURCE_TYPES = [
  "VirtualMachines",
  "SqlDatabases",
  "SuseLinux",
  "CosmosDb",
  "RedHat",
  "SqlDataWarehouse",
  "VMwareCloudSimple",
  "RedHatOsa",
  "Databricks",
  "AppService",
  "ManagedDisk",
  "BlockBlob",
  "RedisCache",
  "AzureDataExplorer",
  "MySql",
  "MariaDb",
  "PostgreSql",
  "DedicatedHost",
  "SapHana",
  "SqlAzureHybridBenefit",
  "AVS",
  "DataFactory",
  "NetAppStorage",
  "AzureFiles",
  "SqlEdge",
  "VirtualMachineSoftware",
] as const;

/**
 * Azure reservations, of any resource type that the API sells.
 *
 * `account` is the billing subscription. Reservations of Azure Managed Redis are of type `RedisCache`. Reservations of
 * Synapse are of type `SqlDataWarehouse`.
 */
export interface AzureReservationsRequest extends CommonRequest {
  readonly service: "azure.reservations";
  readonly payment: "all_upfront" | "no_upfront";
  readonly reservedResourceType: (typeof AZURE_RESERVED_RESOURCE_TYPES)[number];
  /** Such as `Standard_D2s_v3`. */
  readonly sku: string;
  readonly scope: AzureScope;
  /** Whether sizes of one series share the benefit. Only for virtual machines. Azure's default is on. */
  readonly instanceFlexibility?: boolean | undefined;
  /** Whether Azure buys the reservation again at its end. Default false. */
  readonly renew?: boolean | undefined;
}

/** Parses {@link AzureReservationsRequest}. */
export const azureReservationsSchema = once(() =>
  z
    .strictObject({
      service: z.literal("azure.reservations"),
      ...azureShape(),
      region: z.string().check(z.regex(/^[a-z][a-z0-9]{2,40}$/, 'must be an Azure location such as "westeurope"')),
      reservedResourceType: z.enum(AZURE_RESERVED_RESOURCE_TYPES),
      sku: z.string().check(z.regex(/^[A-Za-z0-9][\w.()/ -]{0,100}$/, 'must be a SKU such as "Standard_D2s_v3"')),
      instanceFlexibility: z.optional(z.boolean()),
      renew: z.optional(z.boolean()),
    })
    .check((ctx) => {
      const { instanceFlexibility, reservedResourceType } = ctx.value;
      if (instanceFlexibility === undefined || reservedResourceType === "VirtualMachines") return;
      const message = `contradicts reservedResourceType "${reservedResourceType}"`;
      ctx.issues.push({ code: "custom", path: ["instanceFlexibility"], message, input: instanceFlexibility });
    }),
);
