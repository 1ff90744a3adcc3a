import { deterministicId } from "../deterministic-id.js";

/** The billing account that pays for a subscription: the same in every run. */
export function billingAccountOf(subscription: string): string {
  return `/providers/Microsoft.Billing/billingAccounts/${deterministicId(`billing-account:${subscription}`)}`;
}
