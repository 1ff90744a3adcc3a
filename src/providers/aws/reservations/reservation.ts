import type { EpochMs } from "../../../domain/clock.js";
import type { CommitmentRequest } from "../../../domain/commitment-request/commitment-request.js";
import type { Commitment, Prepared } from "../../../domain/evidence.js";
import type { NamedCommitment } from "../../commitment-names.js";
import type { ExistingCommitment } from "../../commitment-provider.js";
import { chargeOf } from "../charge.js";
import { type Attributes, difference, differing, mayBe } from "./attributes.js";

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
  readonly fixedPrice: number | undefined;
  readonly currency: string | undefined;
}

/** What a line buys, and with what an earlier request of it was sent. */
export interface Order {
  readonly request: CommitmentRequest;
  readonly wanted: Attributes;
  readonly prepared: Prepared | undefined;
}

// In these no money is owed. The state is a free text in the API models, so everything else counts as existing:
// payment-pending, Redshift's spelling pending-payment, active, exchanging, and whatever comes next.
const DEAD_STATES: ReadonlySet<string | undefined> = new Set(["payment-failed", "retired"]);

/** A reservation that has an id; throws for one without, which nothing could be told about. */
export function identified(reservation: Reservation): Reservation {
  if (reservation.id === "") throw new Error("the service listed a reservation without an id");
  return reservation;
}

/** Whether money has moved or will move for it. */
export const isLive = ({ state }: Pick<Reservation, "state">): boolean => !DEAD_STATES.has(state);

/** A reservation as what has a name. */
export const holderOf = (reservation: Reservation | undefined): NamedCommitment["holder"] =>
  reservation && { isLive: isLive(reservation), state: reservation.state };

/** Reservations as the commitment that was found for a line; one is expected, and more are a difference. */
export function existing(found: readonly Reservation[], order: Order): ExistingCommitment {
  const several = found.length > 1 ? [difference("reservations", 1, found.length)] : [];
  const [only] = found.length === 1 ? found : [];
  return {
    commitmentIds: found.map(({ id }) => id),
    labeled: true,
    differences: [...several, ...found.flatMap((reservation) => differences(reservation, order))],
    ...(only && factsOf(only, order.prepared)),
  };
}

/** The same as the answer of our own purchase. */
export const bought = (reservation: Reservation, order: Order): Omit<Commitment, "adopted"> => ({
  commitmentIds: [reservation.id],
  ...factsOf(reservation, order.prepared),
});

/** The state of a reservation for which nothing is owed. */
export const deadStateOf = (reservation: Reservation | undefined): string | undefined =>
  reservation !== undefined && !isLive(reservation) ? reservation.state : undefined;

/** Whether the answer of a purchase, as far as it states anything, is of what was ordered. */
export const isAsOrdered = (reservation: Reservation, { request, wanted }: Order): boolean =>
  isLive(reservation) &&
  mayBe(wanted, reservation.stated) &&
  (reservation.quantity === undefined || reservation.quantity === request.quantity);

/** In what a reservation differs from the line. */
export function differences({ stated, quantity }: Reservation, { request, wanted }: Order): readonly string[] {
  const names = differing(wanted, stated);
  const inFields = names.map((name) => difference(name, wanted[name], Reflect.get(stated, name)));
  return quantity === request.quantity ? inFields : [...inFields, difference("quantity", request.quantity, quantity)];
}

/** When a reservation started and what it charges at once, as far as that is certain. */
export function factsOf(
  { startedAt, fixedPrice, currency, quantity }: Reservation,
  prepared: Prepared | undefined,
): Pick<Commitment, "startedAt" | "charge"> {
  const charge = chargeOf({ fixedPrice, currency, quantity, prepared });
  return { ...(startedAt !== undefined && { startedAt }), ...(charge && { charge }) };
}
