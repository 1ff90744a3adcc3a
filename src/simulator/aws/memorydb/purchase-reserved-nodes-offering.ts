import * as z from "zod";
import { type AwsOperation, operation } from "../aws-service.js";
import { buyReservedNodes } from "../reserved-nodes/buy-reserved-nodes.js";
import { reservationId, reservationTags } from "../reserved-nodes/reservation-input.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { reservedNodeJson } from "./reserved-node.js";

const input = z.object({
  ReservedNodesOfferingId: z.string(),
  ReservationId: reservationId.optional(),
  NodeCount: z.int().min(1).default(1),
  Tags: reservationTags(/^aws:/i).optional(),
});
type Input = z.infer<typeof input>;

/** Buys a reservation: once for each id that is sent, and again and again without one. */
export function purchaseReservedNodesOffering(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, input, (request, call) => {
    const record = buyReservedNodes(shop, orderOf(request), call);
    return { ReservedNode: reservedNodeJson(record, call.now) };
  });
}

function orderOf({ ReservedNodesOfferingId, ReservationId, NodeCount, Tags }: Input) {
  return { offeringId: ReservedNodesOfferingId, name: ReservationId, nodeCount: NodeCount, tags: Tags };
}
