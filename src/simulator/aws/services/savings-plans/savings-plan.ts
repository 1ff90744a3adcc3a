import type { LedgerPurchase } from "../../../ledger.js";
import { SimulatedError } from "../../../simulated-error.js";
import type { StateHistory } from "../../../state-history.js";
import type { AwsCall } from "../../aws-service.js";
import { CommitmentShelf } from "../../commitment-shelf.js";
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

/** The state at `moment`, computed from what is kept: nothing has to run for the state to change. */
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

const RETURN_WINDOW_MS = 7 * 24 * 3600 * 1000;

/** Until when a plan can be given back: within seven days, and in the calendar month (UTC) in which it started. */
export function returnableUntil({ startsAt }: SavingsPlan): number {
  const start = new Date(startsAt);
  const nextMonth = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1);
  return Math.min(startsAt + RETURN_WINDOW_MS, nextMonth - 1);
}

/** The name by which tagging addresses the plan. */
export function arnOf(plan: SavingsPlan): string {
  return `arn:aws:savingsplans::${plan.account}:savingsplan/${plan.id}`;
}

/** All savings plans of all accounts; plans have no region, so each call sees those of its account. */
export class SavingsPlansShelf extends CommitmentShelf<SavingsPlan> {
  constructor(listingLagMs: number) {
    super(listingLagMs, ledgerRow);
  }

  /** The caller's plan with this id or ARN; refused if it is not listed. */
  find(call: AwsCall, name: string): SavingsPlan {
    const plan = this.listed(call, call.now).find((candidate) => candidate.id === name || arnOf(candidate) === name);
    if (plan === undefined)
      throw new SimulatedError("ResourceNotFoundException", 404, `Savings Plan ${name} not found`);
    return plan;
  }

  /** The plan that the account last bought under this token, listed or not. */
  boughtUnder(call: AwsCall, clientToken: string): SavingsPlan | undefined {
    return this.boughtBy(call).findLast((plan) => plan.clientToken === clientToken);
  }
}

function ledgerRow(plan: SavingsPlan, now: number): LedgerPurchase {
  return {
    service: "aws.savings-plans",
    account: plan.account,
    region: "global",
    commitmentId: plan.id,
    purchaseId: plan.purchaseId,
    offeringId: plan.offering.offeringId,
    quantity: 1,
    commitment: plan.commitment,
    ...(plan.clientToken !== undefined && { token: plan.clientToken }),
    tags: plan.tags.asOf(now),
    state: savingsPlanState(plan, now),
    purchasedAt: plan.purchasedAt,
    charge: { amount: plan.upfrontPaymentAmount, currency: "USD" },
  };
}
