import * as z from "zod/mini";
import { listedAsOf } from "../../../call-effects.js";
import { type AwsOperation, type AwsService, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { awsQuery } from "../../protocol/aws-query.js";
import { buyReservedNodes } from "../../reserved-nodes/buy-reserved-nodes.js";
import { listOfferings, listReservedNodes } from "../../reserved-nodes/list-reserved-nodes.js";
import { nodeCountText, queryPage, queryPageOf } from "../../reserved-nodes/reservation-input.js";
import type { ReservedNodesProduct } from "../../reserved-nodes/reserved-nodes-catalogue.js";
import { faultsNamedBy } from "../../reserved-nodes/reserved-nodes-errors.js";
import { REDSHIFT_OFFERING_TYPES } from "../../reserved-nodes/reserved-nodes-offering.js";
import { booksOf, openShop, type ReservedNodesShop } from "../../reserved-nodes/reserved-nodes-shop.js";
import { byAction } from "../../routing.js";
import { redshiftTags } from "./redshift-tags.js";
import { exchangeOperations } from "./reserved-node-exchanges.js";
import { offeringXml, reservationXml } from "./reserved-node-xml.js";

const ON_DEMAND_PER_HOUR = { "ra3.4xlarge": 3.26, "ra3.xlplus": 1.086 } as const;

/** What the simulated Redshift reserves: every node type twice, told apart by nothing but the kind of offering. */
export const redshiftProducts: readonly ReservedNodesProduct[] = Object.entries(ON_DEMAND_PER_HOUR).flatMap(
  ([nodeType, onDemandPerHour]) =>
    REDSHIFT_OFFERING_TYPES.map((nodeOfferingType) => ({ nodeType, nodeOfferingType, onDemandPerHour })),
);

const errors = faultsNamedBy({
  reservation: "ReservedNode",
  offering: "ReservedNodeOffering",
  suffix: "",
  status: 404,
});

/** Redshift, as far as reserved nodes of provisioned clusters go. */
export function redshiftService(world: AwsWorld): AwsService {
  const shop = openShop(world, {
    service: "aws.redshift",
    protocol: awsQuery("http://redshift.amazonaws.com/doc/2012-12-01/"),
    errors,
    naming: "none",
    pendingState: world.settings.redshiftPendingState,
  });
  return {
    ...booksOf(shop),
    signingName: "redshift",
    operationOf: byAction("2012-12-01"),
    operations: {
      DescribeReservedNodeOfferings: describeOfferings(shop),
      PurchaseReservedNodeOffering: purchaseOffering(shop),
      DescribeReservedNodes: describeReservations(shop),
      ...exchangeOperations(shop),
      ...redshiftTags(shop.protocol),
    },
  };
}

/** Lists what is on sale: one offering by id, or all. */
function describeOfferings(shop: ReservedNodesShop): AwsOperation {
  const input = z.object({ ReservedNodeOfferingId: z.optional(z.string()), ...queryPage });
  return operation(shop.protocol, input, (request, call) => {
    const wanted = { id: request.ReservedNodeOfferingId, page: queryPageOf(request) };
    const { rows, nextToken } = listOfferings(shop, wanted, call);
    return { ReservedNodeOfferings: { ReservedNodeOffering: rows.map(offeringXml) }, Marker: nextToken };
  });
}

/** Buys: each call that gets here makes a new reservation. Redshift takes no name, no token and no tags. */
function purchaseOffering(shop: ReservedNodesShop): AwsOperation {
  const input = z.object({ ReservedNodeOfferingId: z.string(), NodeCount: nodeCountText });
  return operation(shop.protocol, input, ({ ReservedNodeOfferingId: offeringId, NodeCount: nodeCount }, call) => {
    const record = buyReservedNodes(shop, { offeringId, nodeCount }, call);
    return { ReservedNode: reservationXml(record, call.now) };
  });
}

/** Lists the caller's reservations: one by id, or all. */
function describeReservations(shop: ReservedNodesShop): AwsOperation {
  const input = z.object({ ReservedNodeId: z.optional(z.string()), ...queryPage });
  return operation(shop.protocol, input, (request, call) => {
    const wanted = { id: request.ReservedNodeId, page: queryPageOf(request) };
    const { rows, nextToken } = listReservedNodes(shop, wanted, call);
    const shown = rows.map((row) => reservationXml(row, listedAsOf(call)));
    return { ReservedNodes: { ReservedNode: shown }, Marker: nextToken };
  });
}
