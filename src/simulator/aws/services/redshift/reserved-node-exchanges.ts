import * as z from "zod";
import { deterministicId } from "../../../deterministic-id.js";
import { StateHistory } from "../../../state-history.js";
import { AwsError } from "../../aws-error.js";
import { type AwsCall, type AwsOperation, operation } from "../../aws-service.js";
import type { ExchangesBook } from "../../redshift/exchanges-book.js";
import { redshiftReservedNodeXml } from "../../redshift/redshift-node.js";
import { type ReservedNodes, reservedNodesState } from "../../reserved-nodes/reserved-nodes.js";
import type { ReservedNodesOffering } from "../../reserved-nodes/reserved-nodes-offering.js";
import type { ReservedNodesShop } from "../../reserved-nodes/reserved-nodes-shop.js";
import { TagHistory } from "../../tag-history.js";

const input = z.object({ ReservedNodeId: z.string(), TargetReservedNodeOfferingId: z.string() });

/**
 * Exchanges a reserved node for one of another offering, at once: the old one is retired, and the new one has an id of its
 * own. In the ledger it belongs to the purchase of the old one.
 */
export function acceptReservedNodeExchange(shop: ReservedNodesShop, exchanges: ExchangesBook): AwsOperation {
  return operation(shop.protocol, input, ({ ReservedNodeId, TargetReservedNodeOfferingId: offeringId }, call) => {
    const source = activeNode(shop, ReservedNodeId, call);
    const onSale = shop.world.catalogue.reservedNodes(shop.service, call.region);
    const offering = onSale.find((candidate) => candidate.offeringId === offeringId);
    if (offering === undefined) throw shop.errors.offeringNotFound(offeringId);
    const number = shop.world.nextNumber();
    const target = madeOf(source, offering, { call, number });
    source.states.set("retired", call.now);
    shop.shelf.add(target);
    const id = deterministicId(`exchange:${call.account}:${call.region}:${number}`);
    exchanges.add({ id, account: call.account, region: call.region, at: call.now, source, target });
    return { ExchangedReservedNode: redshiftReservedNodeXml(target, call.now) };
  });
}

function activeNode(shop: ReservedNodesShop, id: string, call: AwsCall): ReservedNodes {
  const node = shop.shelf.listed(call, call.now).find((candidate) => candidate.id === id);
  if (node === undefined) throw shop.errors.notFound(id);
  if (reservedNodesState(node, call.now) === "active") return node;
  throw new AwsError("InvalidReservedNodeState", 400, `The reserved node ${id} is not active`);
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
