import * as z from "zod/mini";
import { PAYMENT_OPTIONS } from "../../terms-and-prices.js";

/** A savings plans offering, in USD. It has no price: the buyer names the hourly commitment. */
export interface SavingsPlansOffering {
  readonly offeringId: string;
  /** Such as `Compute` or `EC2Instance`. */
  readonly planType: string;
  readonly paymentOption: (typeof PAYMENT_OPTIONS)[number];
  readonly durationSeconds: number;
  readonly productTypes: readonly string[];
  readonly description: string;
  readonly serviceCode: string;
  readonly usageType: string;
  readonly operation: string;
  /** Both are set for an EC2 instance plan, and neither for the others of today. */
  readonly region?: string | undefined;
  readonly instanceFamily?: string | undefined;
}

export const savingsPlansOfferingSchema: z.ZodMiniType<SavingsPlansOffering> = z.strictObject({
  offeringId: z.uuid(),
  planType: z.string().check(z.minLength(1)),
  paymentOption: z.enum(PAYMENT_OPTIONS),
  durationSeconds: z.int().check(z.positive()),
  productTypes: z.array(z.string()),
  description: z.string(),
  serviceCode: z.string(),
  usageType: z.string(),
  operation: z.string(),
  region: z.optional(z.string()),
  instanceFamily: z.optional(z.string()),
});
