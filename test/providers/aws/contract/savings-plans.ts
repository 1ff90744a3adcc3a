import { CreateSavingsPlanCommand, SavingsplansClient } from "@aws-sdk/client-savingsplans";
import type { AwsSavingsPlansRequest } from "../../../../src/domain/commitment-request/aws-savings-plans.js";
import { type SavingsPlansTiming, savingsPlans } from "../../../../src/providers/aws/services/savings-plans.js";
import { planRequest } from "../simulated-line.js";
import { type AwsServiceUnderTest, only } from "./aws-fixture.js";

/** A Compute plan of half a dollar an hour for a year, paid upfront. */
const plan: AwsSavingsPlansRequest = planRequest({ payment: "all_upfront" });

/** Savings Plans, by default with the timings that AWS's silence about its tokens leaves. */
export const plansWith = (timing: Partial<SavingsPlansTiming> = {}): AwsServiceUnderTest<SavingsplansClient> => ({
  Client: SavingsplansClient,
  provider: (options) => savingsPlans({ ...options, timing: { ...timing, ...options.timing } }),
  purchase: "CreateSavingsPlan",
  listings: ["DescribeSavingsPlans"],
  refusal: { code: "ServiceQuotaExceededException", status: 402 },
  denial: { code: "AccessDeniedException", status: 403 },
  states: {
    live: ["payment-pending", "active", "queued", "pending-return"],
    ended: ["returned"],
    void: ["payment-failed", "queued-deleted"],
    unclear: ["retired"],
  },
  optional: ["commitment", "savingsPlanType", "paymentOption", "termDurationInSeconds", "currency", "state", "tags"],
  cannot: { lane: "plans are told apart by their token" },
  request: plan,
  different: { ...plan, hourlyCommitment: "0.75", expectedPrice: { amount: "6570", currency: "USD" } },
  siblings: [
    { ...plan, payment: "no_upfront" },
    { ...plan, hourlyCommitment: "0.25", expectedPrice: { amount: "2190", currency: "USD" } },
  ],
  // Database plans are sold for a year only.
  unsold: { ...plan, planType: "Database", term: "3yr", expectedPrice: { amount: "13140", currency: "USD" } },
  queued: { ...plan, holdMs: 12 * 3_600_000 },
  async buyByHand(client, simulator) {
    const { offeringId } = only(
      (await simulator.offerings.savingsPlans()).filter(
        ({ planType, paymentOption, durationSeconds }) =>
          planType === "Compute" && paymentOption === "All Upfront" && durationSeconds === 31_536_000,
      ),
    );
    const command = { savingsPlanOfferingId: offeringId, commitment: plan.hourlyCommitment };
    return (await client.send(new CreateSavingsPlanCommand(command))).savingsPlanId;
  },
});
