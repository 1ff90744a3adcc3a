import * as z from "zod";
import { type AwsOperation, operation } from "../aws-service.js";
import { buyReservedNodes } from "../reserved-nodes/buy-reserved-nodes.js";
import { nodeCountText, reservationId, reservationTagsQuery } from "../reserved-nodes/reservation-input.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { reservedCacheNodeXml } from "./reserved-cache-node.js";

const input = z.object({
  ReservedCacheNodesOfferingId: z.string(),
  ReservedCacheNodeId: reservationId.optional(),
  CacheNodeCount: nodeCountText,
  Tags: reservationTagsQuery(/^aws:/i),
});
type Input = z.infer<typeof input>;

/** Buys a reservation: once for each id that is sent, and again and again without one. */
export function purchaseReservedCacheNodesOffering(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, input, (request, call) => {
    const record = buyReservedNodes(shop, orderOf(request), call);
    return { ReservedCacheNode: reservedCacheNodeXml(record, call.now) };
  });
}

function orderOf(request: Input) {
  return {
    offeringId: request.ReservedCacheNodesOfferingId,
    name: request.ReservedCacheNodeId,
    nodeCount: request.CacheNodeCount,
    tags: request.Tags,
  };
}
