import type { StateHistory } from "../../../state-history.js";
import type { TagHistory } from "../../tag-history.js";
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
  /** When the term ends, of one that a modification made: when that of its source would have. */
  readonly endsAt?: number;
  readonly tags: TagHistory;
  readonly states: StateHistory;
  deletedAt?: number;
  /** When a modification ended it. */
  modifiedAt?: number;
}

/** The state at `moment`, as a function of what is kept: nothing has to run for it to change. */
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

/** When the term ends, as far as is known at `moment`: a modification ends it where what it makes starts. */
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
