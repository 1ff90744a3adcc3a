import type { AwsEc2Request } from "../../../domain/commitment-request/aws-ec2.js";
import type { Prepared } from "../../../domain/evidence.js";
import type { InventoryItem } from "../../commitment-provider.js";
import { mayBeInLane } from "./attributes.js";
import {
  chargeOfReservations,
  isLive,
  type ListedReservation,
  termBeganAt,
  tokenOn,
  wasReplaced,
} from "./reserved-instances.js";

/** What was paid for in the line's lane: everything that a purchase of this kind could turn out to be. */
export const inLane = (listed: readonly ListedReservation[], request: AwsEc2Request): readonly ListedReservation[] =>
  listed.filter((entry) => (isLive(entry) || wasReplaced(entry)) && mayBeInLane(request, entry));

/** A commitment as an item of its lane's inventory. */
export function inventoryItem(entry: ListedReservation, prepared: Prepared | undefined): InventoryItem {
  const token = tokenOn(entry);
  const charge = chargeOfReservations([entry], prepared);
  return {
    commitmentId: entry.ReservedInstancesId,
    quantity: entry.InstanceCount ?? 0,
    // One that does not say when it starts may have been bought just now.
    startedAt: termBeganAt(entry) ?? Number.MAX_SAFE_INTEGER,
    ...(token !== undefined && { token }),
    ...(charge && { charge }),
  };
}
