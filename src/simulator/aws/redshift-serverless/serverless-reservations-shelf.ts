import type { LedgerPurchase } from "../../ledger.js";
import { AwsError } from "../aws-error.js";
import type { AwsCall } from "../aws-service.js";
import { CommitmentShelf } from "../commitment-shelf.js";
import { totalPrice } from "../total-price.js";
import { type ServerlessReservation, serverlessReservationStatus } from "./serverless-reservation.js";

/** All reservations of all accounts and regions; each call sees those of its own account and region. */
export class ServerlessReservationsShelf extends CommitmentShelf<ServerlessReservation> {
  constructor(listingLagMs: number) {
    super(listingLagMs, ledgerRow);
  }

  /** The caller's reservation with this id; refused if it is not listed as of `moment`. */
  find(call: AwsCall, id: string, moment: number): ServerlessReservation {
    const found = this.listed(call, moment).find((reservation) => reservation.id === id);
    if (found === undefined) throw new AwsError("ResourceNotFoundException", 400, `Reservation ${id} not found`);
    return found;
  }

  /** What the caller last bought under this token, listed or not. */
  boughtUnder(call: AwsCall, clientToken: string): ServerlessReservation | undefined {
    return this.boughtBy(call).findLast((reservation) => reservation.clientToken === clientToken);
  }
}

function ledgerRow(reservation: ServerlessReservation, now: number): LedgerPurchase {
  const { id, offering, capacity, clientToken, account, region, purchaseId, purchasedAt } = reservation;
  return {
    service: "aws.redshift-serverless",
    account,
    region,
    commitmentId: id,
    purchaseId,
    offeringId: offering.offeringId,
    quantity: capacity,
    ...(clientToken !== undefined && { token: clientToken }),
    tags: {},
    state: serverlessReservationStatus(reservation, now),
    purchasedAt,
    charge: { amount: totalPrice(offering.fixedPrice, capacity), currency: "USD" },
  };
}
