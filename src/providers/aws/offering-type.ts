import type { Payment } from "../../domain/commitment-request/common.js";

/** How AWS spells the ways to pay, in EC2 offering types and in Savings Plans payment options alike. */
export const OFFERING_TYPES = {
  all_upfront: "All Upfront",
  partial_upfront: "Partial Upfront",
  no_upfront: "No Upfront",
} as const satisfies Readonly<Record<Payment, string>>;
