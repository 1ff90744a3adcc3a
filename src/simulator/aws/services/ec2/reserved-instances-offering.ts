import * as z from "zod/mini";
import { PAYMENT_OPTIONS } from "../../terms-and-prices.js";

/** A reserved instances offering of one region, priced in USD per instance. */
export interface ReservedInstancesOffering {
  readonly offeringId: string;
  readonly region: string;
  readonly instanceType: string;
  readonly productDescription: string;
  readonly instanceTenancy: "default" | "dedicated";
  readonly offeringClass: "standard" | "convertible";
  readonly offeringType: (typeof PAYMENT_OPTIONS)[number];
  readonly durationSeconds: number;
  readonly scope: "Region" | "Availability Zone";
  readonly availabilityZone?: string | undefined;
  /** Paid at once for each instance. */
  readonly fixedPrice: number;
  /** Paid for each hour of the term and each instance. */
  readonly hourlyPrice: number;
  /** Sold by another customer and not by AWS. */
  readonly marketplace: boolean;
}

export const reservedInstancesOfferingSchema: z.ZodMiniType<ReservedInstancesOffering> = z.strictObject({
  offeringId: z.uuid(),
  region: z.string().check(z.minLength(1)),
  instanceType: z.string().check(z.minLength(1)),
  productDescription: z.string().check(z.minLength(1)),
  instanceTenancy: z.enum(["default", "dedicated"]),
  offeringClass: z.enum(["standard", "convertible"]),
  offeringType: z.enum(PAYMENT_OPTIONS),
  durationSeconds: z.int().check(z.positive()),
  scope: z.enum(["Region", "Availability Zone"]),
  availabilityZone: z.optional(z.string()),
  fixedPrice: z.number().check(z.nonnegative()),
  hourlyPrice: z.number().check(z.nonnegative()),
  marketplace: z.boolean(),
});
