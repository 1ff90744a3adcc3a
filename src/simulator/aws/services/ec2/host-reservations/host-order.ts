import * as z from "zod";
import { SimulatedError } from "../../../../simulated-error.js";
import type { AwsCall } from "../../../aws-service.js";
import type { AwsWorld } from "../../../aws-world.js";
import { instanceFamilyOf } from "./dedicated-host.js";
import { findHostOffering, type HostOffering, hostTermsXml } from "./host-offering.js";
import type { HostReservationsShelf } from "./host-reservations-shelf.js";

/** The parameters that say what is bought, of the preview and of the purchase. */
export const hostOrderFields = {
  HostIdSet: z
    .array(z.string())
    .min(1)
    .refine((ids) => new Set(ids).size === ids.length, "A host is named twice"),
  OfferingId: z.string(),
};

/** Hosts, and the offering to reserve them by. */
export interface HostOrder {
  readonly hostIds: readonly string[];
  readonly offering: HostOffering;
}

/** What the operations on host reservations work with. */
export interface HostShop {
  readonly world: AwsWorld;
  readonly shelf: HostReservationsShelf;
}

/** Refuses hosts that do not exist, are of another family than the offering, or have a reservation already. */
export function checkHostOrder(
  request: { readonly HostIdSet: readonly string[]; readonly OfferingId: string },
  call: AwsCall,
  { world, shelf }: HostShop,
): HostOrder {
  const offering = findHostOffering(world, call.region, request.OfferingId);
  for (const hostId of request.HostIdSet) {
    if (instanceFamilyOf(hostId) !== offering.instanceFamily) {
      throw new SimulatedError(
        "InvalidInstanceFamily",
        400,
        `The offering is not for the instance family of '${hostId}'`,
      );
    }
    if (shelf.isCovered(hostId, call)) {
      throw new SimulatedError(
        "HostAlreadyCoveredByReservation",
        400,
        `'${hostId}' is already covered by a reservation`,
      );
    }
  }
  return { hostIds: request.HostIdSet, offering };
}

/** The answer to the preview and to the purchase. */
export function hostPurchaseXml({ offering, hostIds }: HostOrder, reservationId?: string): object {
  const terms = hostTermsXml(offering, hostIds.length);
  return {
    purchase: { item: { ...terms, hostIdSet: { item: hostIds }, hostReservationId: reservationId } },
    totalHourlyPrice: terms.hourlyPrice,
    totalUpfrontPrice: terms.upfrontPrice,
  };
}
