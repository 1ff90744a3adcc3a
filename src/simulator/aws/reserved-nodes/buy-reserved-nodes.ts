import { effectOf } from "../../call-effects.js";
import { deterministicId } from "../../deterministic-id.js";
import { purchaseIdOf } from "../../purchase-id.js";
import type { AwsCall } from "../aws-service.js";
import { purchaseFacts } from "../purchase-facts.js";
import { TagHistory } from "../tag-history.js";
import type { ReservedNodes } from "./reserved-nodes.js";
import type { ReservedNodesOffering } from "./reserved-nodes-offering.js";
import type { ReservedNodesShop } from "./reserved-nodes-shop.js";

/** What a purchase call asks for. */
export interface ReservedNodesOrder {
  readonly offeringId: string;
  readonly nodeCount: number;
  /** The name the caller gives the reservation. A purchase without a name is not deduped. */
  readonly name?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** Buys, unless the offering is not on sale or the name was used before, also by a reservation that has ended. */
export function buyReservedNodes(shop: ReservedNodesShop, order: ReservedNodesOrder, call: AwsCall): ReservedNodes {
  const offering = offeringOnSale(shop, order.offeringId, call);
  refuseUsedName(shop, order, call);
  const number = shop.world.nextNumber();
  const record: ReservedNodes = {
    id: idOf(shop, order, { call, number }),
    name: order.name,
    purchaseId: purchaseIdOf(number),
    ...purchaseFacts(call, shop.world),
    region: call.region,
    offering,
    nodeCount: order.nodeCount,
    pendingState: shop.pendingState ?? "payment-pending",
    tags: new TagHistory(),
  };
  if (effectOf(call, "lost-tag-at-creation") === undefined) record.tags.setFromTheStart(order.tags ?? {});
  shop.shelf.add(record);
  return record;
}

/** The offering with this id; refused if the region of the call does not sell it now. */
export function offeringOnSale(shop: ReservedNodesShop, offeringId: string, call: AwsCall): ReservedNodesOffering {
  const onSale = shop.world.catalogue.reservedNodes(shop.service, call.region);
  const offering = onSale.find((candidate) => candidate.offeringId === offeringId);
  if (offering === undefined) throw shop.errors.offeringNotFound(offeringId);
  return offering;
}

function refuseUsedName(shop: ReservedNodesShop, { name }: ReservedNodesOrder, call: AwsCall): void {
  if (name === undefined || shop.naming === "label") return;
  const isUsed = ({ id, name: used }: ReservedNodes) =>
    shop.naming === "id" ? id === name.toLowerCase() : used === name;
  if (shop.shelf.boughtBy(call).some(isUsed)) throw shop.errors.alreadyExists(name);
}

function idOf(
  { service, naming }: ReservedNodesShop,
  { name }: ReservedNodesOrder,
  { call, number }: { readonly call: AwsCall; readonly number: number },
): string {
  if (naming !== "id") return deterministicId(`${service}:${call.account}:${call.region}:${number}`);
  return name?.toLowerCase() ?? madeUpId(call.now, number);
}

/** The id that a service makes up from the time. The number keeps apart what is bought at the same time. */
function madeUpId(now: number, number: number): string {
  const time = new Date(now).toISOString().replace(/[^0-9]+/g, "-");
  return `ri-${time}${number}`;
}
