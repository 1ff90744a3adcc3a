import type { ReservedNodesOffering } from "./reserved-nodes-offering.js";

/** What is paid for each hour of the term, in the words all these services share. */
export function recurringCharge({ hourlyPrice }: ReservedNodesOffering) {
  return { RecurringChargeAmount: hourlyPrice, RecurringChargeFrequency: "Hourly" };
}

/** The prices of an offering, as the services that name a currency show them. */
export function pricesInUsd({ fixedPrice }: ReservedNodesOffering) {
  return { FixedPrice: fixedPrice, UsagePrice: 0, CurrencyCode: "USD" };
}
