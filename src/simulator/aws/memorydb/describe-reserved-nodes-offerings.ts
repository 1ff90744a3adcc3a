import * as z from "zod";
import { type AwsOperation, operation } from "../aws-service.js";
import { listOfferings } from "../reserved-nodes/list-reserved-nodes.js";
import type { ReservedNodesOffering } from "../reserved-nodes/reserved-nodes-offering.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { memoryDbListing, memoryDbNodeJson, memoryDbPageOf, wantedMemoryDbNodes } from "./memorydb-node.js";

const input = z.object({ ReservedNodesOfferingId: z.string().optional(), ...memoryDbListing });

/** Lists what is on sale. */
export function describeReservedNodesOfferings(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, input, (request, call) => {
    const { ReservedNodesOfferingId: id } = request;
    const wanted = { id, isWanted: wantedMemoryDbNodes(request), page: memoryDbPageOf(request) };
    const { rows, nextToken } = listOfferings(shop, wanted, call);
    return { ReservedNodesOfferings: rows.map(offeringJson), NextToken: nextToken };
  });
}

function offeringJson(row: ReservedNodesOffering): object {
  return { ReservedNodesOfferingId: row.offeringId, ...memoryDbNodeJson(row) };
}
