import * as z from "zod/mini";
import { deterministicId } from "../../../deterministic-id.js";
import type { LedgerPurchase } from "../../../ledger.js";
import { type AwsOperation, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { TERM_SECONDS } from "../../terms-and-prices.js";
import { type CoveringPlan, planOf } from "../../usage/usage-book.js";
import type { SavingsPlansOffering } from "../savings-plans/savings-plans-offering.js";
import {
  amountText,
  type Beneficiary,
  beneficiaries,
  combinationInput,
  costExplorerPage,
  costExplorerProtocol,
  HOURS_A_MONTH,
  repeated,
  termsOf,
  timeText,
} from "./cost-explorer-protocol.js";
import type { Generations } from "./generations.js";
import type { Purchases } from "./reservation-needs.js";

const PLAN_TYPES = {
  COMPUTE_SP: "Compute",
  EC2_INSTANCE_SP: "EC2Instance",
  SAGEMAKER_SP: "SageMaker",
  DATABASE_SP: "Database",
} as const;

const input = z.object({
  ...combinationInput,
  SavingsPlansType: z.enum(Object.keys(PLAN_TYPES) as (keyof typeof PLAN_TYPES)[]),
});
type Input = z.infer<typeof input>;

/** What a plan costs for usage of one dollar on demand, by its term. */
const rateOf = ({ durationSeconds }: Pick<SavingsPlansOffering, "durationSeconds">): number =>
  durationSeconds === TERM_SECONDS.oneYear ? 0.72 : 0.5;
const UPFRONT_SHARE = { "No Upfront": 0, "Partial Upfront": 0.5, "All Upfront": 1 } as const;

/** Recommends plans for what is spent on demand and not covered by active plans. */
export function getSavingsPlansPurchaseRecommendation(
  world: AwsWorld,
  purchases: Purchases,
  generations: Generations,
): AwsOperation {
  return operation(costExplorerProtocol, input, (request, call) => {
    const bought = purchases(call.now);
    const details = beneficiaries(world, request, call).flatMap((beneficiary) =>
      detailsFor(world, bought, { request, beneficiary }),
    );
    const page = costExplorerPage(details, request, { call, world });
    return {
      Metadata: {
        RecommendationId: deterministicId(`plan-recommendation:${call.account}:${call.now}`),
        GenerationTimestamp: timeText(generations.generatedAt(call)),
      },
      SavingsPlansPurchaseRecommendation: {
        ...repeated(request),
        SavingsPlansType: request.SavingsPlansType,
        SavingsPlansPurchaseRecommendationDetails: page.rows,
        SavingsPlansPurchaseRecommendationSummary: {
          CurrencyCode: "USD",
          TotalRecommendationCount: String(details.length),
        },
      },
      NextPageToken: page.nextToken,
    };
  });
}

function detailsFor(
  world: AwsWorld,
  bought: readonly LedgerPurchase[],
  { request, beneficiary }: { readonly request: Input; readonly beneficiary: Beneficiary },
): readonly object[] {
  const planType = PLAN_TYPES[request.SavingsPlansType];
  const spent = world.usage
    .spend()
    .filter((one) => one.planType === planType && beneficiary.accounts.includes(one.account));
  const plans = new Map(spent.map((one) => [JSON.stringify(planOf(one)), planOf(one)]));
  return [...plans].flatMap(([key, plan]) => {
    const spend = spent
      .filter((one) => JSON.stringify(planOf(one)) === key)
      .reduce((total, { hourlySpend }) => total + hourlySpend, 0);
    const uncovered = spend - coveredBy(world, bought, { plan, accounts: beneficiary.accounts });
    return detailOf(world, plan, { request, account: beneficiary.account, uncovered });
  });
}

/** The spend on demand that active plans of the same kind cover. */
function coveredBy(
  { catalogue }: AwsWorld,
  bought: readonly LedgerPurchase[],
  { plan, accounts }: { readonly plan: CoveringPlan; readonly accounts: readonly string[] },
): number {
  const offerings = catalogue.savingsPlans().filter((offering) => isFor(offering, plan));
  return bought
    .filter((row) => row.service === "aws.savings-plans" && row.state === "active" && accounts.includes(row.account))
    .reduce((total, { offeringId, commitment }) => {
      const offering = offerings.find((each) => each.offeringId === offeringId);
      return offering === undefined ? total : total + Number(commitment) / rateOf(offering);
    }, 0);
}

const isFor = (offering: SavingsPlansOffering, plan: CoveringPlan): boolean =>
  offering.planType === plan.planType &&
  offering.region === plan.region &&
  offering.instanceFamily === plan.instanceFamily;

function detailOf(
  { catalogue }: AwsWorld,
  plan: CoveringPlan,
  { request, account, uncovered }: { readonly request: Input; readonly account: string; readonly uncovered: number },
): readonly object[] {
  const { durationSeconds, offeringType, lookbackDays } = termsOf(request);
  const offering = catalogue
    .savingsPlans()
    .filter((each) => isFor(each, plan))
    .find((each) => each.durationSeconds === durationSeconds && each.paymentOption === offeringType);
  if (offering === undefined) return [];
  // To the tenth of a cent, like the real one. A little is added, so that 0.36 is not read as 0.3599.
  const hourly = Math.floor(uncovered * rateOf(offering) * 1000 + 1e-6) / 1000;
  if (hourly < 0.001) return [];
  const hours = lookbackDays * 24;
  const saved = uncovered - hourly;
  return [
    {
      AccountId: account,
      SavingsPlansDetails: {
        Region: plan.region,
        InstanceFamily: plan.instanceFamily,
        OfferingId: offering.offeringId,
      },
      CurrencyCode: "USD",
      HourlyCommitmentToPurchase: hourly.toFixed(3),
      UpfrontCost: amountText(((hourly * durationSeconds) / 3600) * UPFRONT_SHARE[offeringType]),
      EstimatedROI: amountText((saved / hourly) * 100),
      EstimatedSPCost: amountText(hourly * hours),
      EstimatedOnDemandCost: "0",
      EstimatedOnDemandCostWithCurrentCommitment: amountText(uncovered * hours),
      EstimatedSavingsAmount: amountText(saved * hours),
      EstimatedSavingsPercentage: amountText((saved / uncovered) * 100),
      EstimatedAverageUtilization: "100",
      EstimatedMonthlySavingsAmount: amountText(saved * HOURS_A_MONTH),
      CurrentMinimumHourlyOnDemandSpend: amountText(uncovered),
      CurrentMaximumHourlyOnDemandSpend: amountText(uncovered),
      CurrentAverageHourlyOnDemandSpend: amountText(uncovered),
    },
  ];
}
