import { z } from "zod";

/** The ways to pay for a savings plan. */
export const SAVINGS_PLANS_PAYMENT_OPTIONS = ["No Upfront", "Partial Upfront", "All Upfront"] as const;
/** The kinds of savings plan. */
export const SAVINGS_PLANS_TYPES = ["Compute", "EC2Instance", "SageMaker", "Database"] as const;

export const savingsPlansOfferingSchema = z.strictObject({
  offeringId: z.uuid(),
  planType: z.enum(SAVINGS_PLANS_TYPES),
  paymentOption: z.enum(SAVINGS_PLANS_PAYMENT_OPTIONS),
  durationSeconds: z.int().positive(),
  productTypes: z.array(z.string()),
  description: z.string(),
  serviceCode: z.string(),
  usageType: z.string(),
  operation: z.string(),
  /** Both are set for an EC2 instance plan, and neither for the others. */
  region: z.string().optional(),
  instanceFamily: z.string().optional(),
});

/** A savings plans offering, in USD. It has no price: the buyer names the hourly commitment. */
export type SavingsPlansOffering = z.infer<typeof savingsPlansOfferingSchema>;
