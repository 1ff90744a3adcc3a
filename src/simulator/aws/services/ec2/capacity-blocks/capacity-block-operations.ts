import type { AwsService } from "../../../aws-service.js";
import type { AwsWorld } from "../../../aws-world.js";
import type { TaggedResources } from "../tagged-resources.js";
import { openCapacityBlocksShop } from "./capacity-blocks-shop.js";
import { describeCapacityBlockOfferings } from "./describe-capacity-block-offerings.js";
import { describeCapacityReservations } from "./describe-capacity-reservations.js";
import { purchaseCapacityBlock } from "./purchase-capacity-block.js";

/** The part of EC2 that sells Capacity Blocks. */
export function capacityBlockOperations(
  world: AwsWorld,
): Required<Pick<AwsService, "operations" | "commitments" | "setState">> & { readonly tagged: TaggedResources } {
  const shop = openCapacityBlocksShop(world);
  return {
    operations: {
      DescribeCapacityBlockOfferings: describeCapacityBlockOfferings(shop),
      PurchaseCapacityBlock: purchaseCapacityBlock(shop),
      DescribeCapacityReservations: describeCapacityReservations(shop),
    },
    commitments: (now) => shop.shelf.commitments(now),
    tagged: (call, moment) =>
      shop.shelf.listed(call, moment).map(({ id, tags }) => ({ id, tags, type: "capacity-reservation" })),
    setState: (commitmentId, state, at) => shop.shelf.setState(commitmentId, state, at),
  };
}
