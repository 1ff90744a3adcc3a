import * as z from "zod/mini";
import { listedAsOf } from "../../../call-effects.js";
import { type AwsCall, type AwsOperation, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { ec2Query, endDryRun } from "../../protocol/ec2-query.js";
import { truthValue } from "../../protocol/query-text.js";
import { filtered, filterSchema } from "./ec2-filter.js";
import {
  endOf,
  type ReservedInstances,
  type ReservedInstancesShelf,
  reservedInstancesState,
} from "./reserved-instances.js";
import { zoneIdOf } from "./zone-ids.js";

const input = z.object({
  ReservedInstancesId: z._default(z.array(z.string()), []),
  OfferingClass: z.optional(z.enum(["standard", "convertible"])),
  OfferingType: z.optional(z.string()),
  Filter: z._default(z.array(filterSchema), []),
  DryRun: z.optional(truthValue),
});
type Input = z.infer<typeof input>;

/** A reserved instance as a listing shows it. It does not say which offering it was bought from; EC2 never does. */
interface Shown extends ReservedInstances {
  readonly state: string;
  readonly end: number;
  readonly shownTags: Readonly<Record<string, string>>;
}

/** Lists the caller's reserved instances, all on one page. */
export function describeReservedInstances({ settings }: AwsWorld, shelf: ReservedInstancesShelf): AwsOperation {
  return operation(ec2Query, input, (request, call) => {
    const asOf = listedAsOf(call);
    const rows = select(shelf, request, call).map((record) => show(record, asOf, settings.tagLagMs));
    const matching = filtered(rows.filter(hasTypedFields(request)), request.Filter, filterFields);
    endDryRun(request.DryRun);
    return { reservedInstancesSet: { item: matching.map(reservedInstancesXml) } };
  });
}

function select(
  shelf: ReservedInstancesShelf,
  { ReservedInstancesId: ids }: Input,
  call: AwsCall,
): ReservedInstances[] {
  const asOf = listedAsOf(call);
  return ids.length > 0 ? shelf.byIds(call, ids, asOf) : shelf.listed(call, asOf);
}

function show(record: ReservedInstances, asOf: number, tagLagMs: number): Shown {
  return {
    ...record,
    state: reservedInstancesState(record, asOf),
    end: endOf(record, asOf),
    shownTags: record.tags.asOf(asOf - tagLagMs),
  };
}

function hasTypedFields({ OfferingClass, OfferingType }: Input): (row: Shown) => boolean {
  return ({ offering }) =>
    (OfferingClass === undefined || offering.offeringClass === OfferingClass) &&
    (OfferingType === undefined || offering.offeringType === OfferingType);
}

const filterFields = {
  names: new Set([
    "availability-zone",
    "availability-zone-id",
    "duration",
    "end",
    "fixed-price",
    "instance-type",
    "product-description",
    "reserved-instances-id",
    "scope",
    "start",
    "state",
    "tag-key",
    "usage-price",
  ]),
  of(row: Shown, name: string): string[] | undefined {
    if (name.startsWith("tag:")) return Object.hasOwn(row.shownTags, name.slice(4)) ? tagValue(row, name) : [];
    return {
      "availability-zone": row.offering.availabilityZone === undefined ? [] : [row.offering.availabilityZone],
      "availability-zone-id": zoneIdsOf(row),
      duration: [String(row.offering.durationSeconds)],
      end: [iso(row.end)],
      "fixed-price": [String(row.offering.fixedPrice)],
      "instance-type": [row.offering.instanceType],
      "product-description": [row.offering.productDescription],
      "reserved-instances-id": [row.id],
      scope: [row.offering.scope],
      start: [iso(row.startsAt)],
      state: [row.state],
      "tag-key": Object.keys(row.shownTags),
      "usage-price": ["0"],
    }[name];
  },
};

const zoneIdsOf = ({ offering: { availabilityZone } }: Shown): string[] =>
  availabilityZone === undefined ? [] : [zoneIdOf(availabilityZone)];

function tagValue({ shownTags }: Shown, name: string): string[] {
  return [shownTags[name.slice(4)] ?? ""];
}

function reservedInstancesXml(row: Shown): object {
  return {
    reservedInstancesId: row.id,
    instanceType: row.offering.instanceType,
    availabilityZone: row.offering.availabilityZone,
    availabilityZoneId: zoneIdsOf(row)[0],
    start: iso(row.startsAt),
    end: iso(row.end),
    duration: row.offering.durationSeconds,
    usagePrice: 0,
    fixedPrice: row.offering.fixedPrice,
    instanceCount: row.instanceCount,
    productDescription: row.offering.productDescription,
    state: row.state,
    instanceTenancy: row.offering.instanceTenancy,
    currencyCode: "USD",
    offeringClass: row.offering.offeringClass,
    offeringType: row.offering.offeringType,
    scope: row.offering.scope,
    recurringCharges: { item: { frequency: "Hourly", amount: row.offering.hourlyPrice } },
    tagSet: { item: Object.entries(row.shownTags).map(([key, value]) => ({ key, value })) },
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
