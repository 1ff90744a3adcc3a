import type { ReservedInstance } from "@aws-sdk/client-opensearch";
import { collectPages } from "../../../collect-pages.js";
import { identified, type Reservation } from "../../reservations/reservation.js";
import { timeOf } from "../../stated-term.js";
import { loadOpenSearch, type OpenSearchConnection } from "./opensearch-client.js";

/** Every reserved instance of the account and region: the API filters by nothing but the reservation's id. */
export async function listReservations({
  client,
  settings,
  signal,
  limit,
}: OpenSearchConnection): Promise<readonly Reservation[]> {
  const { DescribeReservedInstancesCommand } = await loadOpenSearch();
  const listed = await collectPages({
    operation: "DescribeReservedInstances",
    maxPages: settings.maxPages,
    signal,
    async fetch(NextToken) {
      const command = new DescribeReservedInstancesCommand({ MaxResults: 100, NextToken });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.ReservedInstances, nextToken: page.NextToken };
    },
  });
  return listed.map(reservationOf).map(identified);
}

/** A reserved instance in the shape of all reservations. */
export const reservationOf = (instance: ReservedInstance): Reservation => ({
  id: instance.ReservedInstanceId ?? "",
  name: instance.ReservationName?.toLowerCase(),
  offeringId: instance.ReservedInstanceOfferingId,
  stated: instance,
  quantity: instance.InstanceCount,
  state: instance.State,
  startedAt: timeOf(instance.StartTime),
  durationSeconds: instance.Duration,
  fixedPrice: instance.FixedPrice,
  currency: instance.CurrencyCode,
});
