import { RDS_STATES } from "../../../../src/providers/aws/aws-states.js";
import {
  type Order,
  type Reservation,
  type SightedReservation,
  sighted,
} from "../../../../src/providers/aws/reservations/reservation.js";
import { ec2Request } from "../simulated-line.js";

/** Two large ones of 100 dollars each, as ordered. */
export const reservation = (more: Partial<Reservation> = {}): Reservation => ({
  id: "one",
  offeringId: "offering",
  stated: { Size: "large", MultiAZ: false },
  quantity: 2,
  state: "active",
  startedAt: 1_000,
  durationSeconds: 31_536_000,
  fixedPrice: 100,
  currency: "USD",
  ...more,
});

/** The same, with what its state means just after the purchase. */
export const seen = (more: Partial<Reservation> = {}): SightedReservation =>
  sighted(reservation(more), { states: RDS_STATES, now: 1_000 });

/** The order of two large ones. */
export const order: Order = {
  request: ec2Request({ quantity: 2 }),
  wanted: { Size: "large", MultiAZ: false },
  prepared: { reference: "offering", detail: { unitPrice: "100" } },
};
