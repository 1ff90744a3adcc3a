import * as z from "zod/mini";
import { PAYMENT_OPTIONS } from "../terms-and-prices.js";

/** The services that sell reservations of one shape, by their names in the ledger. */
export const RESERVED_NODES_SERVICES = [
  "aws.rds",
  "aws.elasticache",
  "aws.memorydb",
  "aws.opensearch",
  "aws.redshift",
] as const;

/** A service that sells reserved nodes, whatever it calls them. */
export type ReservedNodesService = (typeof RESERVED_NODES_SERVICES)[number];

/** The kinds of offering Redshift has for one node type. */
export const REDSHIFT_OFFERING_TYPES = ["Regular", "Upgradable"] as const;

/** An offering of reserved nodes in one region, priced in USD for each node. */
export interface ReservedNodesOffering {
  readonly service: ReservedNodesService;
  readonly offeringId: string;
  readonly region: string;
  /** The DB instance class, cache node type, node type or instance type. */
  readonly nodeType: string;
  readonly offeringType: (typeof PAYMENT_OPTIONS)[number];
  readonly durationSeconds: number;
  /** Paid at once for each node. */
  readonly fixedPrice: number;
  /** Paid for each hour of the term and each node. */
  readonly hourlyPrice: number;
  /** The engine; for RDS and ElastiCache. */
  readonly productDescription?: string | undefined;
  /** For RDS. */
  readonly multiAz?: boolean | undefined;
  /** The `ReservedNodeOfferingType`; for Redshift. */
  readonly nodeOfferingType?: (typeof REDSHIFT_OFFERING_TYPES)[number] | undefined;
}

export const reservedNodesOfferingSchema: z.ZodMiniType<ReservedNodesOffering> = z.strictObject({
  service: z.enum(RESERVED_NODES_SERVICES),
  offeringId: z.uuid(),
  region: z.string().check(z.minLength(1)),
  nodeType: z.string().check(z.minLength(1)),
  offeringType: z.enum(PAYMENT_OPTIONS),
  durationSeconds: z.int().check(z.positive()),
  fixedPrice: z.number().check(z.nonnegative()),
  hourlyPrice: z.number().check(z.nonnegative()),
  productDescription: z.optional(z.string().check(z.minLength(1))),
  multiAz: z.optional(z.boolean()),
  nodeOfferingType: z.optional(z.enum(REDSHIFT_OFFERING_TYPES)),
});
