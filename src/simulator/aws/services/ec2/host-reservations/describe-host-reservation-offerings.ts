import * as z from "zod/mini";
import { repeatsPageToken } from "../../../../call-effects.js";
import { type AwsOperation, operation } from "../../../aws-service.js";
import type { AwsWorld } from "../../../aws-world.js";
import { ec2Query } from "../../../protocol/ec2-query.js";
import { wholeNumber } from "../../../protocol/query-text.js";
import { filtered, filterSchema } from "../ec2-filter.js";
import { findHostOffering, type HostOffering, hostOfferings, hostTermsXml } from "./host-offering.js";
import { hostPageFields, hostPageOf } from "./host-page.js";

const input = z.object({
  ...hostPageFields,
  OfferingId: z.optional(z.string()),
  MinDuration: z._default(wholeNumber, 0),
  MaxDuration: z._default(wholeNumber, Number.MAX_SAFE_INTEGER),
  Filter: z._default(z.array(filterSchema), []),
});
type Input = z.infer<typeof input>;

/** Lists what is on sale in the region of the call. */
export function describeHostReservationOfferings(world: AwsWorld): AwsOperation {
  return operation(ec2Query, input, (request, call) => {
    const matching = filtered(select(world, call.region, request), request.Filter, filterFields);
    const { rows, nextToken } = hostPageOf(matching, request, {
      emptyPages: world.settings.emptyPages,
      repeatToken: repeatsPageToken(call),
    });
    return {
      offeringSet: { item: rows.map((row) => ({ ...hostTermsXml(row, 1), offeringId: row.offeringId })) },
      nextToken,
    };
  });
}

function select(world: AwsWorld, region: string, { OfferingId, MinDuration, MaxDuration }: Input): HostOffering[] {
  const rows = OfferingId === undefined ? hostOfferings(world, region) : [findHostOffering(world, region, OfferingId)];
  return rows.filter(({ durationSeconds }) => durationSeconds >= MinDuration && durationSeconds <= MaxDuration);
}

const filterFields = {
  names: new Set(["instance-family", "payment-option"]),
  of(row: HostOffering, name: string): string[] | undefined {
    return { "instance-family": [row.instanceFamily], "payment-option": [row.paymentOption] }[name];
  },
};
