import { deterministicId } from "../../../../deterministic-id.js";
import { SimulatedError } from "../../../../simulated-error.js";
import type { AwsWorld } from "../../../aws-world.js";
import type { PricedOffering } from "../../../regional-offerings.js";
import { allTerms, reservedPrice } from "../../../terms-and-prices.js";

/** A Dedicated Host Reservation offering of one region, priced in USD for one host. */
export interface HostOffering extends PricedOffering {
  readonly instanceFamily: string;
  readonly paymentOption: "NoUpfront" | "PartialUpfront" | "AllUpfront";
  readonly durationSeconds: number;
}

/** What is on sale in `region`. */
export function hostOfferings({ settings }: AwsWorld, region: string): HostOffering[] {
  return settings.offerings.replace === true ? [] : seededHostOfferings(region);
}

/** The offering with this id; refused if the region does not sell it. */
export function findHostOffering(world: AwsWorld, region: string, offeringId: string): HostOffering {
  const found = hostOfferings(world, region).find((candidate) => candidate.offeringId === offeringId);
  if (found !== undefined) return found;
  // EC2's list of errors has a code for a malformed id only. The code for an unknown id follows its pattern.
  const problem = /^hro-[0-9a-f]{17}$/.test(offeringId) ? "NotFound" : "Malformed";
  throw new SimulatedError(`InvalidHostReservationOfferingId.${problem}`, 400, `There is no offering '${offeringId}'`);
}

/**
 * The terms for `hostCount` hosts, as EC2 writes them: with prices for all hosts together.
 *
 * Its documentation calls that "the upfront cost of the reservation", as against "the offering's upfront cost". The
 * published examples have no currency code in any of these operations, though the model has a field for it.
 */
export function hostTermsXml(offering: HostOffering, hostCount: number) {
  return {
    duration: offering.durationSeconds,
    instanceFamily: offering.instanceFamily,
    paymentOption: offering.paymentOption,
    upfrontPrice: (offering.fixedPrice * hostCount).toFixed(3),
    hourlyPrice: (offering.hourlyPrice * hostCount).toFixed(3),
  };
}

/** What an hour of a host costs on demand, near the real prices of us-east-1. */
const ON_DEMAND_PER_HOUR = { m5: 5.069, c5: 3.366, r5: 6.653 };

const PAYMENT_OPTION = {
  "No Upfront": "NoUpfront",
  "Partial Upfront": "PartialUpfront",
  "All Upfront": "AllUpfront",
} as const;

/** Each family for one and three years, in every way to pay: always the same for the same region. */
function seededHostOfferings(region: string): HostOffering[] {
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

/** An id as EC2 writes them, e.g. `hr-0d418a3a4ffc669ae`, the same for the same seed. */
export function hostResourceId(prefix: "hr" | "hro", seed: string): string {
  return `${prefix}-${deterministicId(`${prefix}:${seed}`).replaceAll("-", "").slice(0, 17)}`;
}
