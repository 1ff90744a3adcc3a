import * as z from "zod";
import { listedAsOf } from "../../call-effects.js";
import { type AwsOperation, operation } from "../aws-service.js";
import { listReservedNodes } from "../reserved-nodes/list-reserved-nodes.js";
import { queryPage, queryPageOf } from "../reserved-nodes/reservation-input.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { redshiftReservedNodeXml } from "./redshift-node.js";

const input = z.object({ ReservedNodeId: z.string().optional(), ...queryPage });

/** Lists the caller's reservations: one by id, or all. */
export function describeReservedNodes(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, input, (request, call) => {
    const wanted = { id: request.ReservedNodeId, page: queryPageOf(request) };
    const { rows, nextToken } = listReservedNodes(shop, wanted, call);
    const shown = rows.map((row) => redshiftReservedNodeXml(row, listedAsOf(call)));
    return { ReservedNodes: { ReservedNode: shown }, Marker: nextToken };
  });
}
