import * as z from "zod/mini";
import { once } from "../once.js";
import { type AzureScope, azureShape } from "./azure-common.js";
import { ALL_TERMS, type AnyTerm, type CommonRequest } from "./common.js";

/**
 * The resource types that Azure is known to sell reservations of (`ReservedResourceType` of Microsoft.Capacity
 * 2022-11-01, and the three that its description adds since April 2025).
 *
 * The list is open: Azure adds types. So it serves for hints only, and refuses nothing.
 */
export const AZURE_RESERVED_RESOURCE_TYPES: readonly string[] = [
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
  "OpenAIPTU",
  "MDC",
  "Sentinel",
];

/**
 * Azure reservations, of any resource type that the API sells.
 *
 * `account` is the billing subscription. Reservations of Azure Managed Redis are of type `RedisCache`. Reservations of
 * Synapse are of type `SqlDataWarehouse`. Reservations of provisioned throughput (PTU) are of type `OpenAIPTU`, and are
 * sold for a month (`1mo`) too.
 */
export interface AzureReservationsRequest extends CommonRequest<AnyTerm> {
  readonly service: "azure.reservations";
  readonly payment: "all_upfront" | "no_upfront";
  /** Such as `VirtualMachines`. Azure's price calculation judges whether it sells the type. */
  readonly reservedResourceType: string;
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
      term: z.enum(ALL_TERMS),
      region: z.string().check(z.regex(/^[a-z][a-z0-9]{2,40}$/, 'must be an Azure location such as "westeurope"')),
      reservedResourceType: z
        .string()
        .check(z.regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/, 'must be a reserved resource type such as "VirtualMachines"')),
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
