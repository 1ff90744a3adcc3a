import type { StateHistory } from "../../state-history.js";
import type { TagHistory } from "../tag-history.js";
import type { ReservedNodesOffering } from "./reserved-nodes-offering.js";

/** A reservation of nodes as its service keeps it. */
export interface ReservedNodes {
  /** The id under which the service lists it. */
  readonly id: string;
  /** The name the caller gave it, as sent. */
  readonly name?: string | undefined;
  readonly purchaseId: string;
  readonly account: string;
  readonly region: string;
  /** The offering as it was sold, so a later price change does not touch it. */
  readonly offering: ReservedNodesOffering;
  readonly nodeCount: number;
  /** When it was bought; its term starts then. */
  readonly purchasedAt: number;
  /** The service's word for a payment that is not through yet. */
  readonly pendingState: string;
  readonly paymentPendingMs: number;
  readonly paymentFails: boolean;
  readonly tags: TagHistory;
  readonly states: StateHistory;
}

/** The state at `moment`, computed from what is kept: nothing has to run for the state to change. */
export function reservedNodesState(record: ReservedNodes, moment: number): string {
  return record.states.asOf(moment) ?? stateByClock(record, moment);
}

function stateByClock(record: ReservedNodes, moment: number): string {
  if (moment < record.purchasedAt + record.paymentPendingMs) return record.pendingState;
  if (record.paymentFails) return "payment-failed";
  return moment < record.purchasedAt + record.offering.durationSeconds * 1000 ? "active" : "retired";
}
