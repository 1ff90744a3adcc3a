import type { AwsCapacityBlocksRequest } from "../../../../domain/commitment-request/aws-capacity-blocks.js";
import type { InventoryItem } from "../../../commitment-provider.js";
import { unstated } from "../../reservations/attributes.js";
import { timeOf } from "../../stated-term.js";
import { tokenOn } from "../../token-tag.js";
import { quantityOf, wantedOfReservation } from "./attributes.js";
import type { ListedBlock } from "./capacity-blocks.js";

/** A block as an item of its lane's inventory. */
export function inventoryItem(block: ListedBlock, request: AwsCapacityBlocksRequest): InventoryItem {
  const token = tokenOn(block);
  const quantity = quantityOf(block);
  const boughtAt = timeOf(block.CreateDate);
  const reasons = [...doubtsAbout(block, request)];
  return {
    commitmentId: block.CapacityReservationId,
    sighting: block.sighting,
    ...(quantity !== undefined && { quantity }),
    ...(boughtAt !== undefined && { startedAt: boughtAt }),
    ...(token !== undefined && { token }),
    ...(reasons.length > 0 && { maybe: reasons.join("; ") }),
  };
}

/** Why a block of the lane may or may not be the line's. */
function* doubtsAbout(block: ListedBlock, request: AwsCapacityBlocksRequest): Generator<string> {
  for (const name of unstated(wantedOfReservation(request), block)) yield `${name} is not stated`;
  if (quantityOf(block) === undefined) yield "its number of instances is not stated";
  if (block.ReservationType === undefined) yield "it does not say whether it is a Capacity Block";
  yield* timeDoubts("StartDate", block.StartDate, request.startsAt);
  yield* timeDoubts("EndDate", block.EndDate, request.endsAt);
}

function* timeDoubts(name: string, stated: Date | undefined, expected: string): Generator<string> {
  if (stated === undefined) yield `${name} is not stated`;
  else if (stated.getTime() !== Date.parse(expected))
    yield `${name} is ${stated.toISOString()}, and the line's is ${expected}`;
}
