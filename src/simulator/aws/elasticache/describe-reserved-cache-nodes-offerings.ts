import * as z from "zod";
import { type AwsOperation, operation } from "../aws-service.js";
import { listOfferings } from "../reserved-nodes/list-reserved-nodes.js";
import { queryPage, queryPageOf } from "../reserved-nodes/reservation-input.js";
import type { ReservedNodesOffering } from "../reserved-nodes/reserved-nodes-offering.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { cacheNodeInput, cacheNodeXml, wantedCacheNodes } from "./cache-node.js";

const input = z.object({ ReservedCacheNodesOfferingId: z.string().optional(), ...cacheNodeInput, ...queryPage });

/** Lists what is on sale. */
export function describeReservedCacheNodesOfferings(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, input, (request, call) => {
    const { ReservedCacheNodesOfferingId: id } = request;
    const wanted = { id, isWanted: wantedCacheNodes(request), page: queryPageOf(request) };
    const { rows, nextToken } = listOfferings(shop, wanted, call);
    return { ReservedCacheNodesOfferings: { ReservedCacheNodesOffering: rows.map(offeringXml) }, Marker: nextToken };
  });
}

function offeringXml(row: ReservedNodesOffering): object {
  return { ReservedCacheNodesOfferingId: row.offeringId, ...cacheNodeXml(row) };
}
