import type { AwsService } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { ec2Query } from "../../protocol/ec2-query.js";
import { byAction } from "../../routing.js";
import { createTags } from "./create-tags.js";
import { deleteQueuedReservedInstances } from "./delete-queued-reserved-instances.js";
import { describeReservedInstances } from "./describe-reserved-instances.js";
import { describeReservedInstancesOfferings } from "./describe-reserved-instances-offerings.js";
import { hostReservationOperations } from "./host-reservations/host-reservation-operations.js";
import { purchaseReservedInstancesOffering } from "./purchase-reserved-instances-offering.js";
import { ReservedInstancesShelf } from "./reserved-instances.js";
import { modificationOperations } from "./reserved-instances-modifications.js";

/** EC2, as far as reserved instances and Dedicated Host Reservations go. */
export function ec2Service(world: AwsWorld): AwsService {
  const shelf = new ReservedInstancesShelf(world.settings.listingLagMs);
  const hostReservations = hostReservationOperations(world);
  return {
    signingName: "ec2",
    name: "aws.ec2",
    protocol: ec2Query,
    operationOf: byAction("2016-11-15"),
    operations: {
      DescribeReservedInstancesOfferings: describeReservedInstancesOfferings(world),
      PurchaseReservedInstancesOffering: purchaseReservedInstancesOffering(world, shelf),
      DescribeReservedInstances: describeReservedInstances(world, shelf),
      CreateTags: createTags(shelf),
      DeleteQueuedReservedInstances: deleteQueuedReservedInstances(shelf),
      ...modificationOperations(world, shelf),
      ...hostReservations.operations,
    },
    commitments: (now) => [...shelf.commitments(now), ...hostReservations.commitments(now)],
    setState: (commitmentId, state, at) =>
      shelf.setState(commitmentId, state, at) || hostReservations.setState(commitmentId, state, at),
  };
}
