import type { StateHistory } from "../../../state-history.js";
import type { TagHistory } from "../../tag-history.js";
import type { SavingsPlansOffering } from "./savings-plans-offering.js";

/** A savings plan as AWS keeps it. */
export interface SavingsPlan {
  readonly id: string;
  readonly purchaseId: string;
  readonly account: string;
  readonly offering: SavingsPlansOffering;
  /** The hourly commitment, as the buyer wrote it. */
  readonly commitment: string;
  readonly upfrontPaymentAmount: string;
  readonly recurringPaymentAmount: string;
  readonly clientToken?: string | undefined;
  readonly purchasedAt: number;
  /** When the term starts: at once, or at the purchase time that was asked for. */
  readonly startsAt: number;
  readonly paymentPendingMs: number;
  readonly paymentFails: boolean;
  readonly tags: TagHistory;
  readonly states: StateHistory;
  deletedAt?: number;
}

/** Every state the API knows. */
export const SAVINGS_PLAN_STATES = [
  "payment-pending",
  "payment-failed",
  "active",
  "retired",
  "queued",
  "queued-deleted",
  "pending-return",
  "returned",
] as const;

/** The state at `moment`, as a function of what is kept: nothing has to run for it to change. */
export function savingsPlanState(plan: SavingsPlan, moment: number): string {
  return plan.states.asOf(moment) ?? stateByClock(plan, moment);
}

function stateByClock(plan: SavingsPlan, moment: number): (typeof SAVINGS_PLAN_STATES)[number] {
  if (plan.deletedAt !== undefined && plan.deletedAt <= moment) return "queued-deleted";
  if (moment < plan.startsAt) return "queued";
  if (moment < plan.startsAt + plan.paymentPendingMs) return "payment-pending";
  if (plan.paymentFails) return "payment-failed";
  return moment < endOf(plan) ? "active" : "retired";
}

/** When the term ends. */
export function endOf(plan: SavingsPlan): number {
  return plan.startsAt + plan.offering.durationSeconds * 1000;
}

/** The name by which tagging addresses the plan. */
export function arnOf(plan: SavingsPlan): string {
  return `arn:aws:savingsplans::${plan.account}:savingsplan/${plan.id}`;
}
