import * as z from "zod/mini";
import { repeatsPageToken } from "../../../../call-effects.js";
import { pageOf } from "../../../../paging.js";
import { SimulatedError } from "../../../../simulated-error.js";
import { type AwsCall, type AwsOperation, operation } from "../../../aws-service.js";
import { ec2Query, endDryRun } from "../../../protocol/ec2-query.js";
import { moment, truthValue, wholeNumber } from "../../../protocol/query-text.js";
import { iso } from "./capacity-block.js";
import { type CapacityBlockOffering, offeredBlocks } from "./capacity-block-offering.js";
import type { CapacityBlocksShop } from "./capacity-blocks-shop.js";

const INSTANCE_COUNTS = [1, 2, 4, 8, 16, 32, 64];
const HOURS_OF_TWO_WEEKS = 336;
const HOURS_OF_HALF_A_YEAR = 4_368;

const input = z.object({
  InstanceType: z.optional(z.string()),
  InstanceCount: z._default(z.pipe(wholeNumber, z.int().check(z.gte(1))), 1),
  CapacityDurationHours: z.pipe(wholeNumber, z.int()),
  StartDateRange: z.optional(moment),
  EndDateRange: z.optional(moment),
  UltraserverType: z.optional(z.string()),
  UltraserverCount: z.optional(wholeNumber),
  AllAvailabilityZones: z.optional(truthValue),
  MaxResults: z._default(z.pipe(wholeNumber, z.int().check(z.gte(1), z.lte(1000))), 100),
  NextToken: z.optional(z.string()),
  DryRun: z.optional(truthValue),
});
type Input = z.infer<typeof input>;

/** Lists the blocks that can be bought, and remembers them: only an id that was shown to an account can be bought. */
export function describeCapacityBlockOfferings({ world, shown }: CapacityBlocksShop): AwsOperation {
  return operation(ec2Query, input, (request, call) => {
    checkSize(request);
    // UltraServers are not sold here.
    const rows = request.UltraserverType === undefined ? offeredBlocks(searchOf(request, call)) : [];
    endDryRun(request.DryRun);
    const { NextToken: token, MaxResults: size } = request;
    const { emptyPages } = world.settings;
    const page = pageOf(rows, { token, size, emptyPages, repeatToken: repeatsPageToken(call) });
    if (page === undefined) throw new SimulatedError("InvalidPaginationToken", 400, "The token is not valid");
    for (const row of page.rows) shown.set(`${call.account}/${row.offeringId}`, row);
    return { capacityBlockOfferingSet: { item: page.rows.map(offeringXml) }, nextToken: page.nextToken };
  });
}

/** Blocks have up to 64 instances, and last for 1 to 14 days or for whole weeks, up to 26 of them. */
function checkSize({ InstanceCount, CapacityDurationHours: hours }: Input): void {
  const unit = hours <= HOURS_OF_TWO_WEEKS ? 24 : 168;
  if (hours < 24 || hours > HOURS_OF_HALF_A_YEAR || hours % unit !== 0)
    throw new SimulatedError("InvalidParameterValue", 400, `A block cannot last for ${hours} hours`);
  if (!INSTANCE_COUNTS.includes(InstanceCount))
    throw new SimulatedError("InvalidParameterValue", 400, `A block cannot have ${InstanceCount} instances`);
}

const searchOf = (request: Input, { region, now }: AwsCall) => ({
  region,
  instanceType: request.InstanceType ?? "",
  instanceCount: request.InstanceCount,
  durationHours: request.CapacityDurationHours,
  from: Math.max(now, request.StartDateRange ?? now),
  until: request.EndDateRange ?? Number.POSITIVE_INFINITY,
});

const offeringXml = (row: CapacityBlockOffering): object => ({
  capacityBlockOfferingId: row.offeringId,
  instanceType: row.instanceType,
  availabilityZone: row.availabilityZone,
  instanceCount: row.instanceCount,
  startDate: iso(row.startsAt),
  endDate: iso(row.endsAt),
  capacityBlockDurationHours: Math.floor((row.endsAt - row.startsAt) / 3_600_000),
  capacityBlockDurationMinutes: 0,
  upfrontFee: row.upfrontFee.toFixed(2),
  currencyCode: "USD",
  tenancy: "default",
});
