import type { LedgerPurchase } from "../../ledger.js";
import type { AwsService } from "../aws-service.js";
import type { AwsWorld } from "../aws-world.js";
import { CommitmentShelf } from "../commitment-shelf.js";
import type { AwsProtocol } from "../protocol/aws-protocol.js";
import { totalPrice } from "../terms-and-prices.js";
import { type ReservedNodes, reservedNodesState } from "./reserved-nodes.js";
import type { ReservedNodesErrors } from "./reserved-nodes-errors.js";
import type { ReservedNodesService } from "./reserved-nodes-offering.js";

/** What sets one service with reserved nodes apart from the others, beside the names on the wire. */
export interface ReservedNodesTraits {
  readonly service: ReservedNodesService;
  readonly protocol: AwsProtocol;
  readonly errors: ReservedNodesErrors;
  /**
   * What the caller's name is: the id itself, folded to lower case, or a label beside an id of the service's own. An id and
   * a unique label are refused if they were ever used before.
   */
  readonly naming: "id" | "unique-label" | "label" | "none";
  /** The service's word for a payment that is not through yet. Default: `payment-pending`. */
  readonly pendingState?: string;
}

/** One service with reserved nodes: what sets it apart, and what it has sold. */
export interface ReservedNodesShop extends ReservedNodesTraits {
  readonly world: AwsWorld;
  readonly shelf: CommitmentShelf<ReservedNodes>;
}

/** Opens the shop of a service that has sold nothing yet. */
export function openShop(world: AwsWorld, traits: ReservedNodesTraits): ReservedNodesShop {
  const ledgerRow = (record: ReservedNodes, now: number) => ledgerRowOf(record, { now, service: traits.service });
  return { ...traits, world, shelf: new CommitmentShelf(world.settings.listingLagMs, ledgerRow) };
}

/** The part of the service that does not depend on its names on the wire. */
export function booksOf({ service, protocol, shelf }: ReservedNodesShop) {
  return {
    name: service,
    protocol,
    commitments: (now) => shelf.commitments(now),
    setState: (commitmentId, state, at) => shelf.setState(commitmentId, state, at),
  } satisfies Partial<AwsService>;
}

function ledgerRowOf(
  record: ReservedNodes,
  { now, service }: { readonly now: number; readonly service: ReservedNodesService },
): LedgerPurchase {
  return {
    service,
    account: record.account,
    region: record.region,
    commitmentId: record.id,
    purchaseId: record.purchaseId,
    offeringId: record.offering.offeringId,
    quantity: record.nodeCount,
    ...(record.name !== undefined && { token: record.name }),
    tags: record.tags.asOf(now),
    state: reservedNodesState(record, now),
    purchasedAt: record.purchasedAt,
    charge: { amount: totalPrice(record.offering.fixedPrice, record.nodeCount), currency: "USD" },
  };
}
