import type { LedgerPurchase } from "../../../ledger.js";
import { SimulatedError } from "../../../simulated-error.js";
import type { AwsCall } from "../../aws-service.js";
import { CommitmentShelf } from "../../commitment-shelf.js";
import { totalPrice } from "../../total-price.js";
import { type ReservedInstances, reservedInstancesState } from "./reserved-instances.js";

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
