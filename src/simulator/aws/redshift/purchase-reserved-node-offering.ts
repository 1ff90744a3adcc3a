import * as z from "zod";
import { type AwsOperation, operation } from "../aws-service.js";
import { buyReservedNodes } from "../reserved-nodes/buy-reserved-nodes.js";
import { nodeCountText } from "../reserved-nodes/reservation-input.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { redshiftReservedNodeXml } from "./redshift-node.js";

const input = z.object({ ReservedNodeOfferingId: z.string(), NodeCount: nodeCountText });

/** Buys: each call that gets here makes a new reservation. Redshift takes no name, no token and no tags. */
export function purchaseReservedNodeOffering(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, input, ({ ReservedNodeOfferingId: offeringId, NodeCount: nodeCount }, call) => {
    const record = buyReservedNodes(shop, { offeringId, nodeCount }, call);
    return { ReservedNode: redshiftReservedNodeXml(record, call.now) };
  });
}
