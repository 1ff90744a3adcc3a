import * as z from "zod";
import { type AwsOperation, operation } from "../aws-service.js";
import { buyReservedNodes } from "../reserved-nodes/buy-reserved-nodes.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { guid } from "./opensearch-instance.js";

const input = z.object({
  ReservedInstanceOfferingId: guid,
  ReservationName: z.string().min(5).max(64),
  InstanceCount: z.int().min(1).default(1),
});
type Input = z.infer<typeof input>;

/** Buys a reservation, once for each name unless names need not be unique. */
export function purchaseReservedInstanceOffering(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, input, (request, call) => {
    const { id, name } = buyReservedNodes(shop, orderOf(request), call);
    return { ReservedInstanceId: id, ReservationName: name };
  });
}

function orderOf({ ReservedInstanceOfferingId, ReservationName, InstanceCount }: Input) {
  return { offeringId: ReservedInstanceOfferingId, name: ReservationName, nodeCount: InstanceCount };
}
