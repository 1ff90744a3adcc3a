import type { ReservedNode } from "@aws-sdk/client-memorydb";
import type { AwsMemoryDbRequest } from "../../../../domain/commitment-request/aws-memorydb.js";
import { currencyOf } from "../../reservations/offering.js";
import type { Reservation } from "../../reservations/reservation.js";
import { theOneNamed } from "../../reservations/the-one-named.js";
import { timeOf } from "../../stated-term.js";
import { loadMemoryDb, type MemoryDbConnection } from "./memorydb-client.js";

/** The reservation of a name, or `undefined` where MemoryDB itself says that there is none. */
export async function describe(
  { client, limit }: MemoryDbConnection,
  { name, request }: { readonly name: string; readonly request: AwsMemoryDbRequest },
): Promise<Reservation | undefined> {
  const { DescribeReservedNodesCommand } = await loadMemoryDb();
  const command = new DescribeReservedNodesCommand({ ReservationId: name });
  return theOneNamed(name, async () => {
    const { ReservedNodes } = await client.send(command, { abortSignal: limit() });
    return ReservedNodes?.map((node) => reservationOf(node, request));
  });
}

/** A reserved node in the shape of all reservations. */
export const reservationOf = (node: ReservedNode, request: AwsMemoryDbRequest): Reservation => ({
  id: node.ReservationId ?? "",
  offeringId: node.ReservedNodesOfferingId,
  stated: node,
  quantity: node.NodeCount,
  state: node.State,
  startedAt: timeOf(node.StartTime),
  durationSeconds: node.Duration,
  fixedPrice: node.FixedPrice,
  currency: currencyOf(request),
});
