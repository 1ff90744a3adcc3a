import * as z from "zod/mini";
import { listedAsOf, repeatsPageToken } from "../../../../call-effects.js";
import { pageOf } from "../../../../paging.js";
import { SimulatedError } from "../../../../simulated-error.js";
import { type AwsCall, type AwsOperation, operation } from "../../../aws-service.js";
import { ec2Query, endDryRun } from "../../../protocol/ec2-query.js";
import { truthValue, wholeNumber } from "../../../protocol/query-text.js";
import { filtered, filterSchema } from "../ec2-filter.js";
import { type CapacityBlock, capacityBlockState, capacityReservationXml, iso } from "./capacity-block.js";
import type { CapacityBlocksShop } from "./capacity-blocks-shop.js";

const input = z.object({
  CapacityReservationId: z._default(z.array(z.string()), []),
  Filter: z._default(z.array(filterSchema), []),
  MaxResults: z._default(z.pipe(wholeNumber, z.int().check(z.gte(1), z.lte(1000))), 1000),
  NextToken: z.optional(z.string()),
  DryRun: z.optional(truthValue),
});
type Input = z.infer<typeof input>;

/** A block as a listing shows it. */
interface Shown extends CapacityBlock {
  readonly state: string;
  readonly shownTags: Readonly<Record<string, string>>;
}

/** Lists the capacity reservations of the caller's blocks. No other capacity reservations exist here. */
export function describeCapacityReservations(shop: CapacityBlocksShop): AwsOperation {
  const { emptyPages, tagLagMs } = shop.world.settings;
  return operation(ec2Query, input, (request, call) => {
    const asOf = listedAsOf(call);
    const tagsAsOf = asOf - tagLagMs;
    const shown = select(shop, request, call).map(
      (block): Shown => ({ ...block, state: capacityBlockState(block, asOf), shownTags: block.tags.asOf(tagsAsOf) }),
    );
    const matching = filtered(shown, request.Filter, filterFields);
    endDryRun(request.DryRun);
    const { NextToken: token, MaxResults: size } = request;
    const page = pageOf(matching, { token, size, emptyPages, repeatToken: repeatsPageToken(call) });
    if (page === undefined) throw new SimulatedError("InvalidPaginationToken", 400, "The token is not valid");
    const rows = page.rows.map((row) => capacityReservationXml(row, { asOf, tagsAsOf }));
    return { capacityReservationSet: { item: rows }, nextToken: page.nextToken };
  });
}

function select({ shelf }: CapacityBlocksShop, { CapacityReservationId: ids }: Input, call: AwsCall): CapacityBlock[] {
  const listed = shelf.listed(call, listedAsOf(call));
  const unknown = ids.find((id) => !listed.some((block) => block.id === id));
  if (unknown !== undefined) {
    const message = `The capacity reservation '${unknown}' does not exist`;
    throw new SimulatedError("InvalidCapacityReservationId.NotFound", 400, message);
  }
  return listed.filter(({ id }) => ids.length === 0 || ids.includes(id));
}

const filterFields = {
  names: new Set([
    "availability-zone",
    "instance-platform",
    "instance-type",
    "owner-id",
    "start-date",
    "state",
    "tag-key",
  ]),
  of({ offering, platform, account, state, shownTags }: Shown, name: string): string[] | undefined {
    if (name.startsWith("tag:")) {
      const key = name.slice("tag:".length);
      return Object.entries(shownTags).flatMap(([own, value]) => (own === key ? [value] : []));
    }
    return {
      "availability-zone": [offering.availabilityZone],
      "instance-platform": [platform],
      "instance-type": [offering.instanceType],
      "owner-id": [account],
      "start-date": [iso(offering.startsAt)],
      state: [state],
      "tag-key": Object.keys(shownTags),
    }[name];
  },
};
