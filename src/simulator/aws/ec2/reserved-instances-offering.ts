import { z } from "zod";

const YEAR_SECONDS = 31_536_000;

/** The terms AWS sells, in seconds. */
export const TERM_SECONDS = { oneYear: YEAR_SECONDS, threeYears: 3 * YEAR_SECONDS } as const;

/** The ways to pay that AWS sells today. */
export const PAYMENT_OPTIONS = ["No Upfront", "Partial Upfront", "All Upfront"] as const;

export const reservedInstancesOfferingSchema = z.strictObject({
  offeringId: z.uuid(),
  region: z.string().min(1),
  instanceType: z.string().min(1),
  productDescription: z.string().min(1),
  instanceTenancy: z.enum(["default", "dedicated"]),
  offeringClass: z.enum(["standard", "convertible"]),
  offeringType: z.enum(PAYMENT_OPTIONS),
  durationSeconds: z.int().positive(),
  scope: z.enum(["Region", "Availability Zone"]),
  availabilityZone: z.string().optional(),
  /** Paid at once for each instance. */
  fixedPrice: z.number().nonnegative(),
  /** Paid for each hour of the term and each instance. */
  hourlyPrice: z.number().nonnegative(),
  /** Sold by another customer and not by AWS. */
  marketplace: z.boolean(),
});

/** A reserved instances offering of one region, priced in USD per instance. */
export type ReservedInstancesOffering = z.infer<typeof reservedInstancesOfferingSchema>;
