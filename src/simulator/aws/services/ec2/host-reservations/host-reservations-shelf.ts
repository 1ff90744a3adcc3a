import type { LedgerPurchase } from "../../../../ledger.js";
import type { AwsCall } from "../../../aws-service.js";
import { CommitmentShelf } from "../../../commitment-shelf.js";
import { totalPrice } from "../../../total-price.js";
import { covers, type HostReservation, hostReservationState } from "./host-reservation.js";

/** All host reservations of all accounts and regions; each call sees those of its own account and region. */
export class HostReservationsShelf extends CommitmentShelf<HostReservation> {
  constructor(listingLagMs: number) {
    super(listingLagMs, ledgerRow);
  }

  /** Whether the caller's host has a live reservation, listed or not. */
  isCovered(hostId: string, call: AwsCall): boolean {
    return this.boughtBy(call).some((reservation) => covers(reservation, hostId, call.now));
  }

  /** What the caller last bought under this token, listed or not. */
  boughtUnder(call: AwsCall, clientToken: string): HostReservation | undefined {
    return this.boughtBy(call).findLast((reservation) => reservation.clientToken === clientToken);
  }
}

function ledgerRow(reservation: HostReservation, now: number): LedgerPurchase {
  const { id, offering, hostIds, clientToken, account, region, purchaseId, purchasedAt, tags } = reservation;
  return {
    service: "aws.ec2-dedicated-hosts",
    account,
    region,
    commitmentId: id,
    purchaseId,
    offeringId: offering.offeringId,
    quantity: hostIds.length,
    ...(clientToken !== undefined && { token: clientToken }),
    tags,
    state: hostReservationState(reservation, now),
    purchasedAt,
    charge: { amount: totalPrice(offering.fixedPrice, hostIds.length), currency: "USD" },
  };
}
