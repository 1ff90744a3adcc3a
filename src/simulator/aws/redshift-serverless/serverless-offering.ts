import { deterministicId } from "../../deterministic-id.js";
import { AwsError } from "../aws-error.js";
import type { AwsWorld } from "../aws-world.js";
import type { PricedOffering } from "../regional-offerings.js";

const YEAR_SECONDS = 31_536_000;

/** Near the real prices of us-east-1: 0.36 an hour on demand, 24 percent less if all is paid upfront, 20 if not. */
const PRICES = [
  { offeringType: "ALL_UPFRONT", fixedPrice: 2396.74, hourlyPrice: 0 },
  { offeringType: "NO_UPFRONT", fixedPrice: 0, hourlyPrice: 0.288 },
] as const;

/**
 * A Redshift Serverless reservation offering of one region, in USD.
 *
 * The API does not say what the prices are for; an offering knows no capacity, so they are taken for one RPU.
 */
export interface ServerlessOffering extends PricedOffering {
  readonly offeringType: "ALL_UPFRONT" | "NO_UPFRONT";
  readonly durationSeconds: number;
}

/** What is on sale in `region`: one year, paid at once or by the hour, always under the same ids. */
export function serverlessOfferings({ settings }: AwsWorld, region: string): ServerlessOffering[] {
  if (settings.offerings.replace === true) return [];
  return PRICES.map((prices) => ({
    ...prices,
    region,
    offeringId: deterministicId(`serverless-offering:${region}:${prices.offeringType}`),
    durationSeconds: YEAR_SECONDS,
  }));
}

/** The offering with this id; refused if the region does not sell it. */
export function findServerlessOffering(world: AwsWorld, region: string, offeringId: string): ServerlessOffering {
  const found = serverlessOfferings(world, region).find((candidate) => candidate.offeringId === offeringId);
  if (found !== undefined) return found;
  throw new AwsError("ResourceNotFoundException", 400, `Reservation offering ${offeringId} not found`);
}

/** The offering as the API shows it. */
export function serverlessOfferingJson(offering: ServerlessOffering): object {
  return {
    offeringId: offering.offeringId,
    duration: offering.durationSeconds,
    upfrontCharge: offering.fixedPrice,
    hourlyCharge: offering.hourlyPrice,
    currencyCode: "USD",
    offeringType: offering.offeringType,
  };
}
