import type { LedgerPurchase } from "../../ledger.js";
import { AwsError } from "../aws-error.js";
import type { AwsCall } from "../aws-service.js";
import { type ReservedInstances, reservedInstancesState } from "./reserved-instances.js";

/** All reserved instances of all accounts and regions; each call sees those of its own account and region. */
export class ReservedInstancesShelf {
  readonly #records: ReservedInstances[] = [];
  readonly #listingLagMs: number;

  constructor(listingLagMs: number) {
    this.#listingLagMs = listingLagMs;
  }

  add(record: ReservedInstances): void {
    this.#records.push(record);
  }

  /** What a listing of the caller's account and region shows as of `moment`. */
  listed({ account, region }: AwsCall, moment: number): ReservedInstances[] {
    return this.#records.filter(
      (record) =>
        record.account === account && record.region === region && record.purchasedAt + this.#listingLagMs <= moment,
    );
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

  commitments(now: number): LedgerPurchase[] {
    return this.#records.map((record) => ledgerRow(record, now));
  }
}

// "Reserved Instances ID not found" is published as InvalidReservedInstancesId; InvalidReservationID.NotFound is about
// instance launches (r-...) and never about a reserved instance.
function notFound(id: string): AwsError {
  return new AwsError("InvalidReservedInstancesId", 400, `The Reserved Instances ID '${id}' does not exist`);
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
    charge: { amount: totalPrice(record), currency: "USD" },
  };
}

function totalPrice({ offering, instanceCount }: ReservedInstances): string {
  return ((Math.round(offering.fixedPrice * 100) * instanceCount) / 100).toFixed(2);
}
