import type { Prepared } from "../../../domain/evidence.js";
import type { InventoryItem } from "../../commitment-provider.js";
import { type Attributes, mayBe, statedOtherwise, unstated } from "./attributes.js";
import { factsOf, type Reservation, type SightedReservation } from "./reservation.js";

/** What a purchase of a line looks like in a listing of its account and region. */
export interface Lane {
  readonly wanted: Attributes;
  /** The offering that the write-ahead names, where there is one. */
  readonly reference: string | undefined;
}

/** The line whose inventory it is, by its token and names. */
export interface Ours {
  readonly token: string;
  /** The names that the line may use, for services that keep names. */
  readonly names: readonly string[];
  readonly prepared: Prepared | undefined;
}

/**
 * Every reservation that may be a purchase of the line, whatever its state: no attribute that it states rules it out.
 */
export const inLane = (listed: readonly Reservation[], lane: Lane): readonly Reservation[] =>
  listed.filter((reservation) => mayBe(lane.wanted, reservation.stated) || isOfOffering(reservation, lane));

/** A reservation as an item of its lane's inventory. */
export function inventoryItem(reservation: SightedReservation, lane: Lane, ours: Ours): InventoryItem {
  const { id, name, quantity, sighting } = reservation;
  const reasons = [...doubtsAbout(reservation, lane)];
  // If the service keeps names, another name shows that the reservation is another's. A missing name shows nothing.
  const token = name !== undefined && ours.names.includes(name) ? ours.token : name;
  return {
    commitmentId: id,
    sighting,
    ...(quantity !== undefined && { quantity }),
    ...factsOf(reservation, ours.prepared),
    ...(ours.names.length > 0 && token !== undefined && { token }),
    ...(reasons.length > 0 && { maybe: reasons.join("; ") }),
  };
}

/**
 * Why a reservation of the lane may or may not be the line's.
 *
 * A reservation that states the very offering of the write-ahead thereby states every attribute, and may leave them
 * out.
 */
function* doubtsAbout(reservation: Reservation, lane: Lane): Generator<string> {
  const { stated, quantity, offeringId } = reservation;
  if (quantity === undefined) yield "its quantity is not stated";
  if (isOfOffering(reservation, lane)) {
    for (const name of statedOtherwise(lane.wanted, stated))
      yield `it is of the line's offering and states another ${name}`;
    return;
  }
  for (const name of unstated(lane.wanted, stated)) yield `${name} is not stated`;
  if (lane.reference !== undefined && offeringId !== undefined)
    yield `it is of offering ${offeringId}, and the purchase was of ${lane.reference}`;
}

const isOfOffering = ({ offeringId }: Reservation, { reference }: Lane): boolean =>
  reference !== undefined && offeringId === reference;
