import { deterministicId } from "../../../deterministic-id.js";
import { allTerms, reservedPrice } from "../../terms-and-prices.js";
import type { ReservedInstancesOffering } from "./reserved-instances-offering.js";

/** What the offerings of one region are combined from; the on-demand prices are near the real ones of us-east-1. */
const ON_DEMAND_PER_HOUR = {
  "t3.medium": 0.0416,
  "m5.large": 0.096,
  "m5.xlarge": 0.192,
  "c5.xlarge": 0.17,
  "r5.large": 0.126,
  "r5.2xlarge": 0.504,
} as const;

const PLATFORM_FACTOR = { "Linux/UNIX": 1, Windows: 1.9 } as const;
const TENANCY_FACTOR = { default: 1, dedicated: 1.06 } as const;
const CLASS_FACTOR = { standard: 1, convertible: 1.15 } as const;

type Attributes = Omit<ReservedInstancesOffering, "offeringId" | "fixedPrice" | "hourlyPrice">;

/**
 * Every offering AWS itself sells in `region`, and one of the marketplace: always the same for the same region.
 *
 * All combinations exist for the region scope; the first two zones sell standard Linux with default tenancy only.
 */
export function seededReservedInstancesOfferings(region: string): ReservedInstancesOffering[] {
  const regional = combinations(region);
  const zonal = ["a", "b"].flatMap((zone) =>
    regional.filter(isSoldByZone).map((row) => inZone(row, `${region}${zone}`)),
  );
  return [...regional, ...zonal].map(priced).concat(marketplaceOffering(region));
}

function combinations(region: string): Attributes[] {
  return names(ON_DEMAND_PER_HOUR).flatMap((instanceType) =>
    names(PLATFORM_FACTOR).flatMap((productDescription) =>
      names(TENANCY_FACTOR).flatMap((instanceTenancy) =>
        termsAndPayments().map((terms) => ({
          ...terms,
          region,
          instanceType,
          productDescription,
          instanceTenancy,
          scope: "Region" as const,
          marketplace: false,
        })),
      ),
    ),
  );
}

function termsAndPayments() {
  return names(CLASS_FACTOR).flatMap((offeringClass) => allTerms().map((terms) => ({ offeringClass, ...terms })));
}

function isSoldByZone(row: Attributes): boolean {
  return (
    row.offeringClass === "standard" && row.productDescription === "Linux/UNIX" && row.instanceTenancy === "default"
  );
}

function inZone(row: Attributes, availabilityZone: string): Attributes {
  return { ...row, scope: "Availability Zone", availabilityZone };
}

function priced(row: Attributes): ReservedInstancesOffering {
  return {
    ...row,
    ...reservedPrice(perHour(row), row),
    offeringId: deterministicId(`reserved-instances-offering:${Object.values(row).join("|")}`),
  };
}

/** The price of an hour, before the discounts for the term and for paying upfront. */
function perHour(row: Attributes): number {
  const onDemand = lookUp(ON_DEMAND_PER_HOUR, row.instanceType);
  const platform = lookUp(PLATFORM_FACTOR, row.productDescription);
  return onDemand * platform * TENANCY_FACTOR[row.instanceTenancy] * CLASS_FACTOR[row.offeringClass];
}

/**
 * An offering resold by a customer, so with an odd rest of a term. A buyer that does not exclude the marketplace meets
 * it.
 */
function marketplaceOffering(region: string): ReservedInstancesOffering {
  return {
    region,
    offeringId: deterministicId(`reserved-instances-offering:${region}|marketplace`),
    instanceType: "m5.large",
    productDescription: "Linux/UNIX",
    instanceTenancy: "default",
    offeringClass: "standard",
    offeringType: "No Upfront",
    durationSeconds: 20_217_600,
    scope: "Region",
    fixedPrice: 120,
    hourlyPrice: 0.03,
    marketplace: true,
  };
}

function names<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(record).filter((key): key is Key => key in record);
}

function lookUp(record: Readonly<Record<string, number>>, key: string): number {
  return record[key] ?? 1;
}
