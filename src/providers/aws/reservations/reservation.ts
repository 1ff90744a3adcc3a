import type { EpochMs } from "../../../domain/clock.js";
import type { CommitmentRequest } from "../../../domain/commitment-request/commitment-request.js";
import type { Commitment, Prepared } from "../../../domain/evidence.js";
import type { NamedCommitment } from "../../commitment-names.js";
import type { ExistingCommitment, Sighting } from "../../commitment-provider.js";
import { type StateTable, sightingIn } from "../../state-table.js";
import type { Bought } from "../aws-outcome.js";
import { chargeOf } from "../charge.js";
import { sightingOfParts } from "../sighting-of-parts.js";
import { isTermOver } from "../stated-term.js";
import { type Attributes, difference, mayBe, statedOtherwise } from "./attributes.js";

/** A reservation in one shape for all services that list them. */
export interface Reservation {
  readonly id: string;
  /** The name that its buyer gave it, where that is not the id. */
  readonly name?: string | undefined;
  readonly offeringId: string | undefined;
  /** The reservation itself, whose fields are compared with the wanted ones. */
  readonly stated: object;
  readonly quantity: number | undefined;
  readonly state: string | undefined;
  readonly startedAt: EpochMs | undefined;
  /** The stated end, for services that state it besides the start and the duration. */
  readonly endsAt?: EpochMs | undefined;
  readonly durationSeconds: number | undefined;
  readonly fixedPrice: number | undefined;
  readonly currency: string | undefined;
}

/** A reservation with what its state means. */
export interface SightedReservation extends Reservation {
  readonly sighting: Sighting;
}

/** What a line buys, and what an earlier request of the line was sent with. */
export interface Order {
  readonly request: CommitmentRequest;
  readonly wanted: Attributes;
  readonly prepared: Prepared | undefined;
}

/** The facts by which a state is judged. */
export interface StateQuestion {
  readonly states: StateTable;
  readonly now: EpochMs;
  /** What became of the reservation, for services that tell. */
  readonly became?: string | undefined;
}

/** A reservation that has an id. Throws for a reservation without one, because nothing could be said about it. */
export function identified(reservation: Reservation): Reservation {
  if (reservation.id === "") throw new Error("the service listed a reservation without an id");
  return reservation;
}

/** A reservation with what its state means by its service's table. */
export function sighted(reservation: Reservation, { states, now, became }: StateQuestion): SightedReservation {
  const { state, startedAt, endsAt, durationSeconds } = reservation;
  const isOver = isTermOver({ startsAt: startedAt, endsAt, durationSeconds }, now);
  return { ...reservation, sighting: sightingIn(states, state, { isOver, became }) };
}

/** A reservation as the holder of a name. If nothing is owed for the reservation, its name is spent. */
export const holderOf = (reservation: SightedReservation | undefined): NamedCommitment["holder"] =>
  reservation && { isLive: reservation.sighting.meaning !== "void", state: reservation.state };

/** Reservations as the commitment that was found for a line. One reservation is expected, and more are a difference. */
export function existing(found: readonly SightedReservation[], order: Order): ExistingCommitment {
  const several = found.length > 1 ? [difference("reservations", 1, found.length)] : [];
  const [only] = found.length === 1 ? found : [];
  return {
    commitmentIds: found.map(({ id }) => id),
    labeled: true,
    sighting: sightingOfParts(found.map(({ sighting }) => sighting)),
    differences: [...several, ...found.flatMap((reservation) => differences(reservation, order))],
    ...(only && factsOf(only, order.prepared)),
  };
}

/** The reservation as the answer of our own purchase. */
export const bought = (reservation: SightedReservation, order: Order): Bought => ({
  commitment: { commitmentIds: [reservation.id], ...factsOf(reservation, order.prepared) },
  sighting: reservation.sighting,
});

/** Whether the answer of a purchase, as far as it states anything, is of what was ordered. */
export const isAsOrdered = (reservation: Reservation, { request, wanted }: Order): boolean =>
  mayBe(wanted, reservation.stated) &&
  (reservation.quantity === undefined || reservation.quantity === request.quantity);

/**
 * How a reservation that has the line's name differs from the line.
 *
 * An attribute that the reservation leaves out is no difference. The name derives from the token, so nobody else can
 * have chosen it.
 */
export function differences({ stated, quantity }: Reservation, { request, wanted }: Order): readonly string[] {
  const names = statedOtherwise(wanted, stated);
  const inFields = names.map((name) => difference(name, wanted[name], Reflect.get(stated, name)));
  if (quantity === undefined || quantity === request.quantity) return inFields;
  return [...inFields, difference("quantity", request.quantity, quantity)];
}

/** When a reservation started and what it charges at once, as far as that is certain. */
export function factsOf(
  { startedAt, fixedPrice, currency, quantity }: Reservation,
  prepared: Prepared | undefined,
): Pick<Commitment, "startedAt" | "charge"> {
  const charge = chargeOf({ fixedPrice, currency, quantity, prepared });
  return { ...(startedAt !== undefined && { startedAt }), ...(charge && { charge }) };
}
