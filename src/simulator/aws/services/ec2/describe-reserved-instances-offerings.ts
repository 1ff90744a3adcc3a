import * as z from "zod/mini";
import { listedAsOf, repeatsPageToken } from "../../../call-effects.js";
import { pageOf } from "../../../paging.js";
import { SimulatedError } from "../../../simulated-error.js";
import { type AwsOperation, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { ec2Query, endDryRun } from "../../protocol/ec2-query.js";
import { truthValue, wholeNumber } from "../../protocol/query-text.js";
import { filtered, filterSchema } from "./ec2-filter.js";
import type { ReservedInstancesOffering } from "./reserved-instances-offering.js";
import { refuseZoneTwice, zoneIdOf } from "./zone-ids.js";

const input = z.object({
  ReservedInstancesOfferingId: z._default(z.array(z.string()), []),
  InstanceType: z.optional(z.string()),
  ProductDescription: z.optional(z.string()),
  // EC2 says that an absent tenancy is "default".
  InstanceTenancy: z.optional(z.enum(["default", "dedicated"])),
  OfferingClass: z.optional(z.enum(["standard", "convertible"])),
  OfferingType: z.optional(z.string()),
  AvailabilityZone: z.optional(z.string()),
  AvailabilityZoneId: z.optional(z.string()),
  MaxInstanceCount: z._default(wholeNumber, 20),
  IncludeMarketplace: z._default(truthValue, true),
  MinDuration: z._default(wholeNumber, 2_592_000),
  MaxDuration: z._default(wholeNumber, 94_608_000),
  Filter: z._default(z.array(filterSchema), []),
  MaxResults: z._default(z.pipe(wholeNumber, z.int().check(z.gte(1), z.lte(100))), 100),
  NextToken: z.optional(z.string()),
  DryRun: z.optional(truthValue),
});
type Input = z.infer<typeof input>;

/** Lists what is on sale in the region of the call. */
export function describeReservedInstancesOfferings({ catalogue, settings }: AwsWorld): AwsOperation {
  return operation(ec2Query, input, (request, call) => {
    refuseZoneTwice(request);
    const rows = select(catalogue.reservedInstances(call.region, listedAsOf(call)), request);
    endDryRun(request.DryRun);
    const { emptyPages } = settings;
    const { NextToken: token, MaxResults: size } = request;
    const page = pageOf(rows, { token, size, emptyPages, repeatToken: repeatsPageToken(call) });
    if (page === undefined) throw new SimulatedError("InvalidNextToken", 400, "The token is not valid");
    return { reservedInstancesOfferingsSet: { item: page.rows.map(offeringXml) }, nextToken: page.nextToken };
  });
}

function select(rows: readonly ReservedInstancesOffering[], request: Input): ReservedInstancesOffering[] {
  const ids = request.ReservedInstancesOfferingId;
  if (ids.length === 0) return filtered(rows.filter(hasTypedFields(request)), request.Filter, filterFields);
  const named = ids.map((id) => rows.find((row) => row.offeringId === id) ?? id);
  const unknown = named.find((row) => typeof row === "string");
  if (unknown !== undefined) throw unknownOffering(unknown);
  return filtered(
    rows.filter((row) => named.includes(row)),
    request.Filter,
    filterFields,
  );
}

/** What EC2 answers for an offering id that it does not sell. */
export function unknownOffering(id: string): SimulatedError {
  return new SimulatedError("InvalidReservedInstancesOfferingId", 400, `The offering ID '${id}' does not exist`);
}

function hasTypedFields(request: Input): (row: ReservedInstancesOffering) => boolean {
  return (row) =>
    is(request.InstanceType, row.instanceType) &&
    is(request.ProductDescription, row.productDescription) &&
    is(request.InstanceTenancy ?? "default", row.instanceTenancy) &&
    is(request.OfferingClass, row.offeringClass) &&
    is(request.OfferingType, row.offeringType) &&
    is(request.AvailabilityZone, row.availabilityZone) &&
    is(request.AvailabilityZoneId, zoneIdsOf(row)[0]) &&
    (request.IncludeMarketplace || !row.marketplace) &&
    row.durationSeconds >= request.MinDuration &&
    row.durationSeconds <= request.MaxDuration;
}

const zoneIdsOf = ({ availabilityZone }: ReservedInstancesOffering): string[] =>
  availabilityZone === undefined ? [] : [zoneIdOf(availabilityZone)];

function is(wanted: string | undefined, actual: string | undefined): boolean {
  return wanted === undefined || wanted === actual;
}

const filterFields = {
  names: new Set([
    "availability-zone",
    "availability-zone-id",
    "duration",
    "fixed-price",
    "instance-type",
    "marketplace",
    "product-description",
    "reserved-instances-offering-id",
    "scope",
    "usage-price",
  ]),
  of(row: ReservedInstancesOffering, name: string): string[] | undefined {
    return {
      "availability-zone": row.availabilityZone === undefined ? [] : [row.availabilityZone],
      "availability-zone-id": zoneIdsOf(row),
      duration: [String(row.durationSeconds)],
      "fixed-price": [String(row.fixedPrice)],
      "instance-type": [row.instanceType],
      marketplace: [String(row.marketplace)],
      "product-description": [row.productDescription],
      "reserved-instances-offering-id": [row.offeringId],
      scope: [row.scope],
      "usage-price": ["0"],
    }[name];
  },
};

function offeringXml(row: ReservedInstancesOffering): object {
  return {
    reservedInstancesOfferingId: row.offeringId,
    instanceType: row.instanceType,
    availabilityZone: row.availabilityZone,
    availabilityZoneId: zoneIdsOf(row)[0],
    duration: row.durationSeconds,
    fixedPrice: row.fixedPrice,
    usagePrice: 0,
    productDescription: row.productDescription,
    instanceTenancy: row.instanceTenancy,
    currencyCode: "USD",
    offeringClass: row.offeringClass,
    offeringType: row.offeringType,
    scope: row.scope,
    marketplace: row.marketplace,
    recurringCharges: { item: { frequency: "Hourly", amount: row.hourlyPrice } },
    // Only a marketplace offering says how many there are.
    pricingDetailsSet: { item: row.marketplace ? { count: 1, price: row.fixedPrice } : [] },
  };
}
