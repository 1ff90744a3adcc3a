import * as z from "zod/mini";
import { listedAsOf, repeatsPageToken } from "../../../call-effects.js";
import { deterministicId } from "../../../deterministic-id.js";
import { pageOf } from "../../../paging.js";
import { SimulatedError } from "../../../simulated-error.js";
import { StateHistory } from "../../../state-history.js";
import { type AwsCall, type AwsOperation, operation } from "../../aws-service.js";
import { CallersBook } from "../../callers-book.js";
import { offeringOnSale } from "../../reserved-nodes/buy-reserved-nodes.js";
import { queryPage } from "../../reserved-nodes/reservation-input.js";
import { type ReservedNodes, reservedNodesState } from "../../reserved-nodes/reserved-nodes.js";
import type { ReservedNodesOffering } from "../../reserved-nodes/reserved-nodes-offering.js";
import type { ReservedNodesShop } from "../../reserved-nodes/reserved-nodes-shop.js";
import { TagHistory } from "../../tag-history.js";
import { reservationXml } from "./reserved-node-xml.js";

/** An exchange of reserved nodes as Redshift keeps it. */
interface Exchange {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  /** When it was asked for and carried out; here that is one moment. */
  readonly at: number;
  readonly source: ReservedNodes;
  readonly target: ReservedNodes;
}

/** The operations that exchange reserved nodes and list the exchanges. */
export function exchangeOperations(shop: ReservedNodesShop) {
  const exchanges = new CallersBook<Exchange>();
  return {
    AcceptReservedNodeExchange: acceptExchange(shop, exchanges),
    DescribeReservedNodeExchangeStatus: describeExchanges(shop, exchanges),
  };
}

/**
 * Exchanges a reserved node for one of another offering, at once.
 *
 * The old node is retired, and the new node has an id of its own. In the ledger the new node belongs to the purchase of
 * the old one.
 */
function acceptExchange(shop: ReservedNodesShop, exchanges: CallersBook<Exchange>): AwsOperation {
  const input = z.object({ ReservedNodeId: z.string(), TargetReservedNodeOfferingId: z.string() });
  return operation(shop.protocol, input, ({ ReservedNodeId, TargetReservedNodeOfferingId: offeringId }, call) => {
    const source = activeNode(shop, ReservedNodeId, call);
    const offering = offeringOnSale(shop, offeringId, call);
    const number = shop.world.nextNumber();
    const target = madeOf(source, offering, { call, number });
    source.states.set("retired", call.now);
    shop.shelf.add(target);
    const id = deterministicId(`exchange:${call.account}:${call.region}:${number}`);
    exchanges.add({ id, account: call.account, region: call.region, at: call.now, source, target });
    return { ExchangedReservedNode: reservationXml(target, call.now) };
  });
}

function activeNode(shop: ReservedNodesShop, id: string, call: AwsCall): ReservedNodes {
  const node = shop.shelf.listed(call, call.now).find((candidate) => candidate.id === id);
  if (node === undefined) throw shop.errors.notFound(id);
  if (reservedNodesState(node, call.now) === "active") return node;
  throw new SimulatedError("InvalidReservedNodeState", 400, `The reserved node ${id} is not active`);
}

function madeOf(
  source: ReservedNodes,
  offering: ReservedNodesOffering,
  { call, number }: { readonly call: AwsCall; readonly number: number },
): ReservedNodes {
  return {
    ...source,
    id: deterministicId(`aws.redshift:exchanged:${call.account}:${call.region}:${number}`),
    offering,
    purchasedAt: call.now,
    paymentPendingMs: 0,
    paymentFails: false,
    tags: new TagHistory(),
    states: new StateHistory(),
  };
}

/** Lists the caller's exchanges of reserved nodes. Refuses a node or a request that has no exchange. */
function describeExchanges(shop: ReservedNodesShop, exchanges: CallersBook<Exchange>): AwsOperation {
  const input = z.object({
    ReservedNodeId: z.optional(z.string()),
    ReservedNodeExchangeRequestId: z.optional(z.string()),
    ...queryPage,
  });
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
    if (page === undefined) throw new SimulatedError("InvalidParameterValue", 400, "The marker is not valid");
    return {
      ReservedNodeExchangeStatusDetails: { ReservedNodeExchangeStatus: page.rows.map(exchangeXml) },
      Marker: page.nextToken,
    };
  });
}

/** The code is spelled so in the API model. */
function notFound(): SimulatedError {
  return new SimulatedError("ReservedNodeExchangeNotFond", 404, "The reserved-node exchange was not found");
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
