import * as z from "zod";
import { type AwsOperation, operation } from "../aws-service.js";
import { listOfferings } from "../reserved-nodes/list-reserved-nodes.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { guid, openSearchInstanceJson, openSearchPage, openSearchPageOf } from "./opensearch-instance.js";

const input = z.object({ offeringId: guid.optional(), ...openSearchPage });

/** Lists what is on sale: one offering by id, or all. */
export function describeReservedInstanceOfferings(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, input, (request, call) => {
    const wanted = { id: request.offeringId, page: openSearchPageOf(request) };
    const { rows, nextToken } = listOfferings(shop, wanted, call);
    return { ReservedInstanceOfferings: rows.map(openSearchInstanceJson), NextToken: nextToken };
  });
}
