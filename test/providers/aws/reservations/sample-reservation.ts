import type { Order, Reservation } from "../../../../src/providers/aws/reservations/reservation.js";
import { ec2Request } from "../simulated-line.js";

/** Two large ones of 100 dollars each, as ordered. */
export const reservation = (more: Partial<Reservation> = {}): Reservation => ({
  id: "one",
  offeringId: "offering",
  stated: { Size: "large", MultiAZ: false },
  quantity: 2,
  state: "active",
  startedAt: 1_000,
  fixedPrice: 100,
  currency: "USD",
  ...more,
});

/** The order of two large ones. */
export const order: Order = {
  request: ec2Request({ quantity: 2 }),
  wanted: { Size: "large", MultiAZ: false },
  prepared: { reference: "offering", detail: { unitPrice: "100" } },
};
