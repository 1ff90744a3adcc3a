import * as z from "zod";
import { listedAsOf } from "../../call-effects.js";
import { type AwsOperation, operation } from "../aws-service.js";
import { listReservedNodes } from "../reserved-nodes/list-reserved-nodes.js";
import type { ReservedNodes } from "../reserved-nodes/reserved-nodes.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { memoryDbListing, memoryDbPageOf, wantedMemoryDbNodes } from "./memorydb-node.js";
import { reservedNodeJson } from "./reserved-node.js";

const input = z.object({
  ReservationId: z.string().toLowerCase().optional(),
  ReservedNodesOfferingId: z.string().optional(),
  ...memoryDbListing,
});
type Input = z.infer<typeof input>;

/** Lists the caller's reservations. */
export function describeReservedNodes(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, input, (request, call) => {
    const wanted = { id: request.ReservationId, isWanted: isWanted(request), page: memoryDbPageOf(request) };
    const { rows, nextToken } = listReservedNodes(shop, wanted, call);
    return { ReservedNodes: rows.map((row) => reservedNodeJson(row, listedAsOf(call))), NextToken: nextToken };
  });
}

function isWanted(request: Input): (row: ReservedNodes) => boolean {
  const { ReservedNodesOfferingId: offeringId } = request;
  const hasAttributes = wantedMemoryDbNodes(request);
  return ({ offering }) => (offeringId === undefined || offering.offeringId === offeringId) && hasAttributes(offering);
}
