import type { ReservedNode } from "@aws-sdk/client-redshift";
import { collectPages } from "../../../collect-pages.js";
import { identified, type Reservation } from "../../reservations/reservation.js";
import { timeOf } from "../../stated-term.js";
import { withPayment } from "./offerings.js";
import { loadRedshift, type RedshiftConnection } from "./redshift-client.js";

/** Every reserved node of the account and region, whatever its state. */
export async function listReservations({
  client,
  settings,
  signal,
  limit,
}: RedshiftConnection): Promise<readonly Reservation[]> {
  const { DescribeReservedNodesCommand } = await loadRedshift();
  const listed = await collectPages({
    operation: "DescribeReservedNodes",
    maxPages: settings.maxPages,
    signal,
    async fetch(Marker) {
      const command = new DescribeReservedNodesCommand({ MaxRecords: 100, Marker });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.ReservedNodes, nextToken: page.Marker };
    },
  });
  return listed.map(reservationOf).map(identified);
}

/** A reserved node in the shape of all reservations. */
export const reservationOf = (node: ReservedNode): Reservation => ({
  id: node.ReservedNodeId ?? "",
  offeringId: node.ReservedNodeOfferingId,
  // One that leaves its recurring charges out may be paid in any way.
  stated: node.RecurringCharges === undefined ? node : withPayment(node),
  quantity: node.NodeCount,
  state: node.State,
  startedAt: timeOf(node.StartTime),
  durationSeconds: node.Duration,
  fixedPrice: node.FixedPrice,
  currency: node.CurrencyCode,
});
