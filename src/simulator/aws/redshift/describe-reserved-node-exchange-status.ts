import * as z from "zod";
import { listedAsOf, repeatsPageToken } from "../../call-effects.js";
import { pageOf } from "../../paging.js";
import { AwsError } from "../aws-error.js";
import { type AwsOperation, operation } from "../aws-service.js";
import { queryPage } from "../reserved-nodes/reservation-input.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import type { Exchange, ExchangesBook } from "./exchanges-book.js";

const input = z.object({
  ReservedNodeId: z.string().optional(),
  ReservedNodeExchangeRequestId: z.string().optional(),
  ...queryPage,
});

/** Lists the caller's exchanges of reserved nodes; a node or a request that none is of is refused. */
export function describeReservedNodeExchangeStatus(shop: ReservedNodesShop, exchanges: ExchangesBook): AwsOperation {
  return operation(shop.protocol, input, (request, call) => {
    const { ReservedNodeId: nodeId, ReservedNodeExchangeRequestId: requestId } = request;
    const rows = exchanges
      .listed(call, listedAsOf(call))
      .filter(({ source }) => nodeId === undefined || source.id === nodeId)
      .filter(({ id }) => requestId === undefined || id === requestId);
    if (rows.length === 0 && (nodeId ?? requestId) !== undefined) throw notFound();
    const { Marker: token, MaxRecords: size } = request;
    const { emptyPages } = shop.world.settings;
    const page = pageOf(rows, { token, size, emptyPages, repeatToken: repeatsPageToken(call) });
    if (page === undefined) throw new AwsError("InvalidParameterValue", 400, "The marker is not valid");
    return {
      ReservedNodeExchangeStatusDetails: { ReservedNodeExchangeStatus: page.rows.map(exchangeXml) },
      Marker: page.nextToken,
    };
  });
}

/** The code is spelled so in the API model. */
function notFound(): AwsError {
  return new AwsError("ReservedNodeExchangeNotFond", 404, "The reserved-node exchange was not found");
}

function exchangeXml({ id, at, source, target }: Exchange): object {
  return {
    ReservedNodeExchangeRequestId: id,
    Status: "SUCCEEDED",
    RequestTime: new Date(at).toISOString(),
    SourceReservedNodeId: source.id,
    SourceReservedNodeType: source.offering.nodeType,
    SourceReservedNodeCount: source.nodeCount,
    TargetReservedNodeOfferingId: target.offering.offeringId,
    TargetReservedNodeType: target.offering.nodeType,
    TargetReservedNodeCount: target.nodeCount,
  };
}
