import { SimulatedError } from "../../../../simulated-error.js";
import type { AwsWorld } from "../../../aws-world.js";
import type { PricedOffering } from "../../../regional-offerings.js";
import { seededHostOfferings } from "./host-offerings-catalogue.js";

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
  // EC2's list of errors has only the malformed id, so the name of the other follows its pattern.
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
