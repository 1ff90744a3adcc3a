import type { LedgerPurchase } from "../../../ledger.js";
import { SimulatedError } from "../../../simulated-error.js";
import type { StateHistory } from "../../../state-history.js";
import type { AwsCall } from "../../aws-service.js";
import { CommitmentShelf } from "../../commitment-shelf.js";
import type { TagHistory } from "../../tag-history.js";
import { totalPrice } from "../../terms-and-prices.js";
import type { ReservedInstancesOffering } from "./reserved-instances-offering.js";

/** A reserved instances purchase as EC2 keeps it. */
export interface ReservedInstances {
  readonly id: string;
  readonly purchaseId: string;
  readonly account: string;
  readonly region: string;
  /** The offering as it was sold, so a later price change does not touch it. */
  readonly offering: ReservedInstancesOffering;
  readonly instanceCount: number;
  readonly purchasedAt: number;
  /** When the term starts: at once, or at the purchase time that was asked for. */
  readonly startsAt: number;
  readonly paymentPendingMs: number;
  readonly paymentFails: boolean;
  /** When the term ends, only for a commitment that a modification made: when its source would have ended. */
  readonly endsAt?: number;
  readonly tags: TagHistory;
  readonly states: StateHistory;
  deletedAt?: number;
  /** When a modification ended it. */
  modifiedAt?: number;
}

/** The state at `moment`, computed from what is kept: nothing has to run for the state to change. */
export function reservedInstancesState(record: ReservedInstances, moment: number): string {
  return record.states.asOf(moment) ?? stateByClock(record, moment);
}

function stateByClock(record: ReservedInstances, moment: number): string {
  if (isModified(record, moment)) return "retired";
  if (record.deletedAt !== undefined && record.deletedAt <= moment) return "queued-deleted";
  if (moment < record.startsAt) return "queued";
  if (moment < record.startsAt + record.paymentPendingMs) return "payment-pending";
  if (record.paymentFails) return "payment-failed";
  return moment < endOf(record, moment) ? "active" : "retired";
}

/** When the term ends, as far as is known at `moment`. A modification ends the term when its result starts. */
export function endOf(record: ReservedInstances, moment: number): number {
  if (isModified(record, moment)) return record.modifiedAt;
  return record.endsAt ?? record.startsAt + record.offering.durationSeconds * 1000;
}

function isModified(
  record: ReservedInstances,
  moment: number,
): record is ReservedInstances & { readonly modifiedAt: number } {
  return record.modifiedAt !== undefined && record.modifiedAt <= moment;
}

/** All reserved instances of all accounts and regions; each call sees those of its own account and region. */
export class ReservedInstancesShelf extends CommitmentShelf<ReservedInstances> {
  constructor(listingLagMs: number) {
    super(listingLagMs, ledgerRow);
  }

  /** The records with these ids; an id that is unknown, not listed yet or of another account is refused. */
  byIds(call: AwsCall, ids: readonly string[], moment: number): ReservedInstances[] {
    const listed = new Map(this.listed(call, moment).map((record) => [record.id, record]));
    return ids.map((id) => {
      const record = listed.get(id);
      if (record === undefined) throw notFound(id);
      return record;
    });
  }
}

// "Reserved Instances ID not found" is published as InvalidReservedInstancesId; InvalidReservationID.NotFound is about
// instance launches (r-...) and never about a reserved instance.
function notFound(id: string): SimulatedError {
  return new SimulatedError("InvalidReservedInstancesId", 400, `The Reserved Instances ID '${id}' does not exist`);
}

function ledgerRow(record: ReservedInstances, now: number): LedgerPurchase {
  return {
    service: "aws.ec2",
    account: record.account,
    region: record.region,
    commitmentId: record.id,
    purchaseId: record.purchaseId,
    offeringId: record.offering.offeringId,
    quantity: record.instanceCount,
    tags: record.tags.asOf(now),
    state: reservedInstancesState(record, now),
    purchasedAt: record.purchasedAt,
    charge: { amount: totalPrice(record.offering.fixedPrice, record.instanceCount), currency: "USD" },
  };
}
