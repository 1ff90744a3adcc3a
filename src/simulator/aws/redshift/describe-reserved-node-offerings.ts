import * as z from "zod";
import { type AwsOperation, operation } from "../aws-service.js";
import { listOfferings } from "../reserved-nodes/list-reserved-nodes.js";
import { queryPage, queryPageOf } from "../reserved-nodes/reservation-input.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { redshiftOfferingXml } from "./redshift-node.js";

const input = z.object({ ReservedNodeOfferingId: z.string().optional(), ...queryPage });

/** Lists what is on sale: one offering by id, or all. */
export function describeReservedNodeOfferings(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, input, (request, call) => {
    const wanted = { id: request.ReservedNodeOfferingId, page: queryPageOf(request) };
    const { rows, nextToken } = listOfferings(shop, wanted, call);
    return { ReservedNodeOfferings: { ReservedNodeOffering: rows.map(redshiftOfferingXml) }, Marker: nextToken };
  });
}
