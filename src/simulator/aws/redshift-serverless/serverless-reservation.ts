import type { StateHistory } from "../../state-history.js";
import { type ServerlessOffering, serverlessOfferingJson } from "./serverless-offering.js";

/** A Redshift Serverless reservation as AWS keeps it; it has no tags. */
export interface ServerlessReservation {
  readonly id: string;
  readonly purchaseId: string;
  readonly account: string;
  readonly region: string;
  readonly offering: ServerlessOffering;
  /** In RPUs. */
  readonly capacity: number;
  readonly clientToken?: string | undefined;
  /** When it was bought, which is when the term starts. */
  readonly purchasedAt: number;
  readonly paymentPendingMs: number;
  readonly paymentFails: boolean;
  readonly states: StateHistory;
}

/** The status at `moment`, as a function of what is kept: nothing has to run for it to change. */
export function serverlessReservationStatus(reservation: ServerlessReservation, moment: number): string {
  return reservation.states.asOf(moment) ?? statusByClock(reservation, moment);
}

function statusByClock(reservation: ServerlessReservation, moment: number): string {
  if (moment < reservation.purchasedAt + reservation.paymentPendingMs) return "payment-pending";
  if (reservation.paymentFails) return "payment-failed";
  return moment < endOf(reservation) ? "active" : "retired";
}

/** The reservation as the API shows it, at `moment`. */
export function serverlessReservationJson(reservation: ServerlessReservation, moment: number): object {
  const { id, account, region, capacity, offering, purchasedAt } = reservation;
  return {
    reservationId: id,
    reservationArn: `arn:aws:redshift-serverless:${region}:${account}:reservation/${id}`,
    startDate: new Date(purchasedAt).toISOString(),
    endDate: new Date(endOf(reservation)).toISOString(),
    capacity,
    offering: serverlessOfferingJson(offering),
    status: serverlessReservationStatus(reservation, moment),
  };
}

function endOf({ purchasedAt, offering }: ServerlessReservation): number {
  return purchasedAt + offering.durationSeconds * 1000;
}
