import * as z from "zod";
import { listedAsOf } from "../../call-effects.js";
import { type AwsOperation, operation } from "../aws-service.js";
import { listReservedNodes } from "../reserved-nodes/list-reserved-nodes.js";
import { queryPage, queryPageOf } from "../reserved-nodes/reservation-input.js";
import type { ReservedNodes } from "../reserved-nodes/reserved-nodes.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { cacheNodeInput, wantedCacheNodes } from "./cache-node.js";
import { reservedCacheNodeXml } from "./reserved-cache-node.js";

const input = z.object({
  ReservedCacheNodeId: z.string().toLowerCase().optional(),
  ReservedCacheNodesOfferingId: z.string().optional(),
  ...cacheNodeInput,
  ...queryPage,
});
type Input = z.infer<typeof input>;

/** Lists the caller's reservations. */
export function describeReservedCacheNodes(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, input, (request, call) => {
    const { ReservedCacheNodeId: id } = request;
    const wanted = { id, isWanted: isWanted(request), page: queryPageOf(request) };
    const { rows, nextToken } = listReservedNodes(shop, wanted, call);
    const shown = rows.map((row) => reservedCacheNodeXml(row, listedAsOf(call)));
    return { ReservedCacheNodes: { ReservedCacheNode: shown }, Marker: nextToken };
  });
}

function isWanted(request: Input): (row: ReservedNodes) => boolean {
  const { ReservedCacheNodesOfferingId: offeringId } = request;
  const hasAttributes = wantedCacheNodes(request);
  return ({ offering }) => (offeringId === undefined || offering.offeringId === offeringId) && hasAttributes(offering);
}
