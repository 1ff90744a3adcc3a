import * as z from "zod";
import { type AwsOperation, operation } from "../aws-service.js";
import { buyReservedNodes } from "../reserved-nodes/buy-reserved-nodes.js";
import { nodeCountText, reservationId, reservationTagsQuery } from "../reserved-nodes/reservation-input.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { reservedDbInstanceXml } from "./reserved-db-instance.js";

const input = z.object({
  ReservedDBInstancesOfferingId: z.string(),
  ReservedDBInstanceId: reservationId.optional(),
  DBInstanceCount: nodeCountText,
  Tags: reservationTagsQuery(/^(aws|rds):/i),
});
type Input = z.infer<typeof input>;

/** Buys a reservation: once for each id that is sent, and again and again without one. */
export function purchaseReservedDbInstancesOffering(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, input, (request, call) => {
    const record = buyReservedNodes(shop, orderOf(request), call);
    return { ReservedDBInstance: reservedDbInstanceXml(record, call.now) };
  });
}

function orderOf(request: Input) {
  return {
    offeringId: request.ReservedDBInstancesOfferingId,
    name: request.ReservedDBInstanceId,
    nodeCount: request.DBInstanceCount,
    tags: request.Tags,
  };
}
