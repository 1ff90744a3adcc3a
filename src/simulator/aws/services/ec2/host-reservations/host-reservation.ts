import type { LedgerPurchase } from "../../../../ledger.js";
import type { StateHistory } from "../../../../state-history.js";
import type { AwsCall } from "../../../aws-service.js";
import { CommitmentShelf } from "../../../commitment-shelf.js";
import type { TagHistory } from "../../../tag-history.js";
import { totalPrice } from "../../../terms-and-prices.js";
import type { HostOffering } from "./host-offering.js";

/** A Dedicated Host Reservation as EC2 keeps it. */
export interface HostReservation {
  readonly id: string;
  readonly purchaseId: string;
  readonly account: string;
  readonly region: string;
  readonly offering: HostOffering;
  readonly hostIds: readonly string[];
  readonly clientToken?: string | undefined;
  /** What was asked for, to tell a repeated request from a changed one. */
  readonly request: object;
  /** When it was bought, which is when the term starts. */
  readonly purchasedAt: number;
  readonly paymentPendingMs: number;
  readonly paymentFails: boolean;
  readonly tags: TagHistory;
  readonly states: StateHistory;
}

/** The state at `moment`, computed from what is kept: nothing has to run for the state to change. */
export function hostReservationState(reservation: HostReservation, moment: number): string {
  return reservation.states.asOf(moment) ?? stateByClock(reservation, moment);
}

function stateByClock(reservation: HostReservation, moment: number): string {
  if (moment < reservation.purchasedAt + reservation.paymentPendingMs) return "payment-pending";
  if (reservation.paymentFails) return "payment-failed";
  return moment < endOf(reservation) ? "active" : "retired";
}

/** When the term ends. */
export function endOf({ purchasedAt, offering }: HostReservation): number {
  return purchasedAt + offering.durationSeconds * 1000;
}

/** Whether the host has this reservation at `moment`, so that no other can be bought for it. */
export function covers(reservation: HostReservation, hostId: string, moment: number): boolean {
  const over = ["payment-failed", "retired"].includes(hostReservationState(reservation, moment));
  return !over && reservation.hostIds.includes(hostId);
}

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
    tags: tags.asOf(now),
    state: hostReservationState(reservation, now),
    purchasedAt,
    charge: { amount: totalPrice(offering.fixedPrice, hostIds.length), currency: "USD" },
  };
}
