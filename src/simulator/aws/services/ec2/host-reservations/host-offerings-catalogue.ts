import { reservedPrice } from "../../../reserved-price.js";
import { allTerms } from "../../../reserved-terms.js";
import type { HostOffering } from "./host-offering.js";
import { hostResourceId } from "./host-resource-id.js";

/** What an hour of a host costs on demand, near the real prices of us-east-1. */
const ON_DEMAND_PER_HOUR = { m5: 5.069, c5: 3.366, r5: 6.653 };

const PAYMENT_OPTION = {
  "No Upfront": "NoUpfront",
  "Partial Upfront": "PartialUpfront",
  "All Upfront": "AllUpfront",
} as const;

/** Each family for one and three years, in every way to pay: always the same for the same region. */
export function seededHostOfferings(region: string): HostOffering[] {
  return Object.entries(ON_DEMAND_PER_HOUR).flatMap(([instanceFamily, onDemand]) =>
    allTerms().map((terms) => {
      const { fixedPrice, hourlyPrice } = reservedPrice(onDemand, terms);
      const paymentOption = PAYMENT_OPTION[terms.offeringType];
      return {
        offeringId: hostResourceId("hro", `${region}:${instanceFamily}:${terms.durationSeconds}:${paymentOption}`),
        region,
        instanceFamily,
        paymentOption,
        durationSeconds: terms.durationSeconds,
        fixedPrice,
        // EC2 writes the prices of hosts with three digits.
        hourlyPrice: Number(hourlyPrice.toFixed(3)),
      };
    }),
  );
}
