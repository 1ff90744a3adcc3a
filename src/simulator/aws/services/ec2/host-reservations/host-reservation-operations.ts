import type { AwsService } from "../../../aws-service.js";
import type { AwsWorld } from "../../../aws-world.js";
import type { TaggedResources } from "../tagged-resources.js";
import { describeHosts } from "./dedicated-hosts.js";
import { describeHostReservationOfferings } from "./describe-host-reservation-offerings.js";
import { describeHostReservations } from "./describe-host-reservations.js";
import { HostReservationsShelf } from "./host-reservation.js";
import { getHostReservationPurchasePreview, purchaseHostReservation } from "./purchase-host-reservation.js";

/** The part of EC2 that sells Dedicated Host Reservations. */
export function hostReservationOperations(
  world: AwsWorld,
): Required<Pick<AwsService, "operations" | "commitments" | "setState">> & { readonly tagged: TaggedResources } {
  const shelf = new HostReservationsShelf(world.settings.listingLagMs);
  const shop = { world, shelf };
  return {
    operations: {
      DescribeHostReservationOfferings: describeHostReservationOfferings(world),
      GetHostReservationPurchasePreview: getHostReservationPurchasePreview(shop),
      PurchaseHostReservation: purchaseHostReservation(shop),
      DescribeHostReservations: describeHostReservations(world, shelf),
      DescribeHosts: describeHosts(shelf),
    },
    commitments: (now) => shelf.commitments(now),
    tagged: (call, moment) =>
      shelf.listed(call, moment).map(({ id, tags }) => ({ id, tags, type: "host-reservation" })),
    setState: (commitmentId, state, at) => shelf.setState(commitmentId, state, at),
  };
}
