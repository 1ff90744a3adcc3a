import * as z from "zod/mini";
import { PAYMENT_OPTIONS } from "../../terms-and-prices.js";

/** The kinds of savings plan. */
export const SAVINGS_PLANS_TYPES = ["Compute", "EC2Instance", "SageMaker", "Database"] as const;

/** A savings plans offering, in USD. It has no price: the buyer names the hourly commitment. */
export interface SavingsPlansOffering {
  readonly offeringId: string;
  readonly planType: (typeof SAVINGS_PLANS_TYPES)[number];
  readonly paymentOption: (typeof PAYMENT_OPTIONS)[number];
  readonly durationSeconds: number;
  readonly productTypes: readonly string[];
  readonly description: string;
  readonly serviceCode: string;
  readonly usageType: string;
  readonly operation: string;
  /** Both are set for an EC2 instance plan, and neither for the others. */
  readonly region?: string | undefined;
  readonly instanceFamily?: string | undefined;
}

export const savingsPlansOfferingSchema: z.ZodMiniType<SavingsPlansOffering> = z.strictObject({
  offeringId: z.uuid(),
  planType: z.enum(SAVINGS_PLANS_TYPES),
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
