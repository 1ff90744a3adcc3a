import type { AwsService } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { ec2Query } from "../../protocol/ec2-query.js";
import { byAction } from "../../routing.js";
import { capacityBlockOperations } from "./capacity-blocks/capacity-block-operations.js";
import { createTags } from "./create-tags.js";
import { deleteQueuedReservedInstances } from "./delete-queued-reserved-instances.js";
import { deleteTags } from "./delete-tags.js";
import { describeReservedInstances } from "./describe-reserved-instances.js";
import { describeReservedInstancesOfferings } from "./describe-reserved-instances-offerings.js";
import { describeTags } from "./describe-tags.js";
import { hostReservationOperations } from "./host-reservations/host-reservation-operations.js";
import { purchaseReservedInstancesOffering } from "./purchase-reserved-instances-offering.js";
import { ReservedInstancesShelf } from "./reserved-instances.js";
import { modificationOperations } from "./reserved-instances-modifications.js";
import type { TaggedResources } from "./tagged-resources.js";

/** EC2, as far as reserved instances, Dedicated Host Reservations and Capacity Blocks go. */
export function ec2Service(world: AwsWorld): AwsService {
  const shelf = new ReservedInstancesShelf(world.settings.listingLagMs);
  const parts = [hostReservationOperations(world), capacityBlockOperations(world)];
  const tagged: TaggedResources = (call, moment) => [
    ...shelf.listed(call, moment).map(({ id, tags }) => ({ id, tags, type: "reserved-instances" })),
    ...parts.flatMap((part) => part.tagged(call, moment)),
  ];
  return {
    signingName: "ec2",
    name: "aws.ec2",
    protocol: ec2Query,
    operationOf: byAction("2016-11-15"),
    operations: {
      DescribeReservedInstancesOfferings: describeReservedInstancesOfferings(world),
      PurchaseReservedInstancesOffering: purchaseReservedInstancesOffering(world, shelf),
      DescribeReservedInstances: describeReservedInstances(world, shelf),
      DeleteQueuedReservedInstances: deleteQueuedReservedInstances(shelf),
      CreateTags: createTags(tagged),
      DeleteTags: deleteTags(tagged),
      DescribeTags: describeTags(world, tagged),
      ...modificationOperations(world, shelf),
      ...Object.assign({}, ...parts.map(({ operations }) => operations)),
    },
    commitments: (now) => [shelf, ...parts].flatMap((part) => part.commitments(now)),
    setState: (commitmentId, state, at) => [shelf, ...parts].some((part) => part.setState(commitmentId, state, at)),
  };
}
