import type { LedgerPurchase } from "../../../ledger.js";
import { SimulatedError } from "../../../simulated-error.js";
import type { AwsCall } from "../../aws-service.js";
import { CommitmentShelf } from "../../commitment-shelf.js";
import { arnOf, type SavingsPlan, savingsPlanState } from "./savings-plan.js";

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
