import type { LedgerPurchase } from "../../../../ledger.js";
import type { StateHistory } from "../../../../state-history.js";
import { CommitmentShelf } from "../../../commitment-shelf.js";
import type { TagHistory } from "../../../tag-history.js";
import type { CapacityBlockOffering } from "./capacity-block-offering.js";

/** A Capacity Block as EC2 keeps it, under the id of its capacity reservation. */
export interface CapacityBlock {
  readonly id: string;
  readonly blockId: string;
  readonly purchaseId: string;
  readonly account: string;
  readonly region: string;
  readonly offering: CapacityBlockOffering;
  readonly platform: string;
  readonly purchasedAt: number;
  readonly paymentPendingMs: number;
  readonly paymentFails: boolean;
  readonly tags: TagHistory;
  readonly states: StateHistory;
}

/** The state at `moment`, computed from what is kept: nothing has to run for the state to change. */
export function capacityBlockState(block: CapacityBlock, moment: number): string {
  return block.states.asOf(moment) ?? stateByClock(block, moment);
}

function stateByClock(
  { purchasedAt, paymentPendingMs, paymentFails, offering }: CapacityBlock,
  moment: number,
): string {
  if (moment < purchasedAt + paymentPendingMs) return "payment-pending";
  if (paymentFails) return "payment-failed";
  if (moment < offering.startsAt) return "scheduled";
  return moment < offering.endsAt ? "active" : "expired";
}

/** All blocks of all accounts and regions; each call sees those of its own account and region. */
export class CapacityBlocksShelf extends CommitmentShelf<CapacityBlock> {
  constructor(listingLagMs: number) {
    super(listingLagMs, ledgerRow);
  }
}

// A tag that EC2 itself puts on blocks, because their capacity appears as zero before they start.
const REQUESTED_QUANTITY = "aws:ec2capacityreservation:incrementalRequestedQuantity";

/** The capacity reservation of a block, with the tags that had been set by `tagsAsOf`. */
export function capacityReservationXml(
  block: CapacityBlock,
  { asOf, tagsAsOf }: { readonly asOf: number; readonly tagsAsOf: number },
): object {
  const { id, account, region, offering, platform } = block;
  const state = capacityBlockState(block, asOf);
  const usable = state === "active" ? offering.instanceCount : 0;
  const tags = { [REQUESTED_QUANTITY]: String(offering.instanceCount), ...block.tags.asOf(tagsAsOf) };
  return {
    capacityReservationId: id,
    ownerId: account,
    capacityReservationArn: `arn:aws:ec2:${region}:${account}:capacity-reservation/${id}`,
    instanceType: offering.instanceType,
    instancePlatform: platform,
    availabilityZone: offering.availabilityZone,
    tenancy: "default",
    totalInstanceCount: usable,
    availableInstanceCount: usable,
    ebsOptimized: false,
    ephemeralStorage: false,
    state,
    startDate: iso(offering.startsAt),
    endDate: iso(offering.endsAt),
    endDateType: "limited",
    instanceMatchCriteria: "targeted",
    createDate: iso(block.purchasedAt),
    tagSet: { item: Object.entries(tags).map(([key, value]) => ({ key, value })) },
    reservationType: "capacity-block",
    capacityBlockId: block.blockId,
  };
}

/** The block itself. */
export function capacityBlockXml(block: CapacityBlock, asOf: number): object {
  const { blockId, id, offering } = block;
  return {
    capacityBlockId: blockId,
    availabilityZone: offering.availabilityZone,
    capacityReservationIdSet: { item: [id] },
    startDate: iso(offering.startsAt),
    endDate: iso(offering.endsAt),
    createDate: iso(block.purchasedAt),
    state: capacityBlockState(block, asOf),
  };
}

/** A time as EC2 writes it. */
export const iso = (ms: number): string => new Date(ms).toISOString();

function ledgerRow(block: CapacityBlock, now: number): LedgerPurchase {
  return {
    service: "aws.ec2-capacity-blocks",
    account: block.account,
    region: block.region,
    commitmentId: block.id,
    purchaseId: block.purchaseId,
    offeringId: block.offering.offeringId,
    quantity: block.offering.instanceCount,
    tags: block.tags.asOf(now),
    state: capacityBlockState(block, now),
    purchasedAt: block.purchasedAt,
    charge: { amount: block.offering.upfrontFee.toFixed(2), currency: "USD" },
  };
}
