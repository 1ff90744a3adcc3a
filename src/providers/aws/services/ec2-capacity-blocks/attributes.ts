import type { CapacityReservation } from "@aws-sdk/client-ec2";
import type { AwsCapacityBlocksRequest } from "../../../../domain/commitment-request/aws-capacity-blocks.js";
import { plainText } from "../../plain-text.js";
import { type Attributes, difference, statedOtherwise } from "../../reservations/attributes.js";
import { timeOf } from "../../stated-term.js";

const DAY_MS = 86_400_000;
// A tag that EC2 itself puts on blocks ("View Capacity Blocks" in the EC2 User Guide).
const REQUESTED_QUANTITY = "aws:ec2capacityreservation:incrementalRequestedQuantity";

/** What a line buys, in the fields that offerings and reservations share. */
export const wanted = (request: AwsCapacityBlocksRequest): Attributes => ({
  InstanceType: request.instanceType,
  AvailabilityZone: request.availabilityZone,
});

/** What a line buys, in the fields of a capacity reservation. */
export const wantedOfReservation = (request: AwsCapacityBlocksRequest): Attributes => ({
  ...wanted(request),
  InstancePlatform: request.platform,
});

/**
 * How many instances a block has, if EC2 says so.
 *
 * Before a block starts, its capacity appears as zero, and a tag of EC2's own states the number.
 */
export function quantityOf({ Tags, TotalInstanceCount }: CapacityReservation): number | undefined {
  const requested = Number(Tags?.find(({ Key }) => Key === REQUESTED_QUANTITY)?.Value ?? Number.NaN);
  if (Number.isInteger(requested) && requested > 0) return requested;
  return TotalInstanceCount === undefined || TotalInstanceCount === 0 ? undefined : TotalInstanceCount;
}

/**
 * Whether a block may be the line's: nothing that it states says otherwise.
 *
 * A block can be extended, and never shortened. Its times count by the day.
 */
export const mayBeLines = (request: AwsCapacityBlocksRequest, block: CapacityReservation): boolean =>
  fieldDifferences(request, block).length === 0 && timeDifferences(request, block).length === 0;

/**
 * The names of the fields that a block states otherwise than the line.
 *
 * Offerings state no platform, so nothing has compared the line's spelling with EC2's. Blanks and case make no
 * difference: a block that looked like another one for its spelling alone would be bought twice.
 */
function fieldDifferences(request: AwsCapacityBlocksRequest, block: CapacityReservation): readonly string[] {
  const isSpelledAlike =
    block.InstancePlatform !== undefined && plainText(block.InstancePlatform) === plainText(request.platform);
  return statedOtherwise(wantedOfReservation(request), block).filter(
    (name) => name !== "InstancePlatform" || !isSpelledAlike,
  );
}

function timeDifferences(
  { startsAt, endsAt }: AwsCapacityBlocksRequest,
  { StartDate, EndDate }: CapacityReservation,
): readonly string[] {
  const [start, end] = [timeOf(StartDate), timeOf(EndDate)];
  const isOtherStart = start !== undefined && Math.abs(start - Date.parse(startsAt)) >= DAY_MS;
  const isEarlierEnd = end !== undefined && Date.parse(endsAt) - end >= DAY_MS;
  return [
    ...(isOtherStart ? [difference("StartDate", startsAt, new Date(start).toISOString())] : []),
    ...(isEarlierEnd ? [difference("EndDate", endsAt, new Date(end).toISOString())] : []),
  ];
}

/** How a block that carries the line's token differs from the line. What the block leaves out is no difference. */
export function differences(request: AwsCapacityBlocksRequest, block: CapacityReservation): readonly string[] {
  const fields = wantedOfReservation(request);
  const quantity = quantityOf(block);
  return [
    ...fieldDifferences(request, block).map((name) => difference(name, fields[name], Reflect.get(block, name))),
    ...timeDifferences(request, block),
    ...(quantity === undefined || quantity === request.quantity
      ? []
      : [difference("quantity", request.quantity, quantity)]),
  ];
}
