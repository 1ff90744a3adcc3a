import * as z from "zod";
import { listedAsOf } from "../../call-effects.js";
import { type AwsOperation, operation } from "../aws-service.js";
import { listReservedNodes } from "../reserved-nodes/list-reserved-nodes.js";
import { type ReservedNodes, reservedNodesState } from "../reserved-nodes/reserved-nodes.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { guid, openSearchInstanceJson, openSearchPage, openSearchPageOf } from "./opensearch-instance.js";

const input = z.object({ reservationId: guid.optional(), ...openSearchPage });

/** Lists the caller's reservations: one by id, or all. There is no way to ask for a name. */
export function describeReservedInstances(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, input, (request, call) => {
    const wanted = { id: request.reservationId, page: openSearchPageOf(request) };
    const { rows, nextToken } = listReservedNodes(shop, wanted, call);
    return { ReservedInstances: rows.map((row) => reservedInstanceJson(row, listedAsOf(call))), NextToken: nextToken };
  });
}

function reservedInstanceJson(record: ReservedNodes, moment: number): object {
  return {
    ReservationName: record.name,
    ReservedInstanceId: record.id,
    BillingSubscriptionId: Number(record.purchaseId.replace(/\D/g, "")),
    ...openSearchInstanceJson(record.offering),
    StartTime: record.purchasedAt / 1000,
    InstanceCount: record.nodeCount,
    State: reservedNodesState(record, moment),
  };
}
