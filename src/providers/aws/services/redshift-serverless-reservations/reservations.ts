import type { Reservation as ServerlessReservation } from "@aws-sdk/client-redshift-serverless";
import { collectPages } from "../../../collect-pages.js";
import { identified, type Reservation } from "../../reservations/reservation.js";
import { timeOf } from "../../stated-term.js";
import { loadRedshiftServerless, type RedshiftServerlessConnection } from "./redshift-serverless-client.js";

/** Every reservation of the account and region, whatever its status. */
export async function listReservations({
  client,
  settings,
  signal,
  limit,
}: RedshiftServerlessConnection): Promise<readonly Reservation[]> {
  const { ListReservationsCommand } = await loadRedshiftServerless();
  const listed = await collectPages({
    operation: "ListReservations",
    maxPages: settings.maxPages,
    signal,
    async fetch(nextToken) {
      const command = new ListReservationsCommand({ maxResults: 100, nextToken });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.reservationsList, nextToken: page.nextToken };
    },
  });
  return listed.map(reservationOf).map(identified);
}

/** A reservation of Redshift Serverless in the shape of all reservations. */
export const reservationOf = ({
  reservationId = "",
  offering = {},
  capacity,
  status,
  startDate,
  endDate,
}: ServerlessReservation): Reservation => ({
  id: reservationId,
  offeringId: offering.offeringId,
  stated: offering,
  quantity: capacity,
  state: status,
  startedAt: timeOf(startDate),
  endsAt: timeOf(endDate),
  durationSeconds: offering.duration,
  fixedPrice: offering.upfrontCharge,
  currency: offering.currencyCode,
});
