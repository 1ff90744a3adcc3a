import { listedAsOf } from "../../call-effects.js";
import { deterministicId } from "../../deterministic-id.js";
import type { AzureCall, AzureOperation } from "../azure-service.js";
import type { AzureWorld } from "../azure-world.js";
import type { OrderShelf } from "../orders/order-shelf.js";
import { stateOf } from "../orders/placed-order.js";
import type { SavingsPlanOrder } from "../savings-plans/savings-plan-order.js";
import { askedSubscription } from "./asked-subscription.js";
import { pageWithQuery } from "./page-with-query.js";
import { daysOf, readFilter } from "./recommendation-filter.js";

const FILTER = {
  scope: ["Shared", "Single"],
  lookBackPeriod: ["Last60Days", "Last30Days", "Last7Days"],
  term: ["P3Y", "P1Y"],
} as const;

const TYPE = "Microsoft.CostManagement/benefitRecommendations";

/** What a plan of each term costs for usage that costs 1 on demand. */
const PRICE_OF_ONE: ReadonlyMap<string, number> = new Map([
  ["P1Y", 0.75],
  ["P3Y", 0.5],
]);

/** Recommends a savings plan for what a subscription spends and no plan covers. */
export function benefitRecommendations(world: AzureWorld, savingsPlans: OrderShelf<SavingsPlanOrder>): AzureOperation {
  return {
    name: "ListBenefitRecommendations",
    service: "azure.cost-management",
    method: "GET",
    path: `/subscriptions/{subscriptionId}/providers/${TYPE}`,
    run(call) {
      const subscription = askedSubscription(call, `${TYPE}/read`);
      const filter = readFilter(call, FILTER);
      const used = world.usage.of("spend", subscription).reduce((sum, { hourly }) => sum + hourly, 0);
      const uncovered = used - coveredBy(savingsPlans, subscription, call);
      const commitment = Math.floor(uncovered * priceOfOne(filter.term) * 1_000) / 1_000;
      const items = commitment > 0 ? [itemOf({ ...filter, subscription, uncovered, commitment }, call, world)] : [];
      return { status: 200, body: pageWithQuery(items, call, world.settings) };
    },
  };
}

/** What a dollar on demand costs by a plan. */
const priceOfOne = (term: string): number => PRICE_OF_ONE.get(term) ?? 1;

function coveredBy(savingsPlans: OrderShelf<SavingsPlanOrder>, subscription: string, call: AzureCall): number {
  return savingsPlans
    .listed(call)
    .filter((order) => order.subscription === subscription && stateOf(order, listedAsOf(call)).state === "Succeeded")
    .reduce((sum, { request, term }) => sum + request.body.properties.commitment.amount / priceOfOne(term), 0);
}

interface RecommendedPlan {
  readonly subscription: string;
  readonly scope: string;
  readonly lookBackPeriod: string;
  readonly term: string;
  readonly uncovered: number;
  readonly commitment: number;
}

const DAY_MS = 86_400_000;

function itemOf(plan: RecommendedPlan, call: AzureCall, { settings }: AzureWorld): object {
  const { subscription, scope, lookBackPeriod, term, uncovered, commitment } = plan;
  const days = daysOf(lookBackPeriod);
  const totalHours = days * 24;
  const covered = commitment / priceOfOne(term);
  const rounded = (value: number) => Math.round(value * 1_000) / 1_000;
  const name = deterministicId(JSON.stringify([subscription, scope, lookBackPeriod, term]));
  return {
    id: `/subscriptions/${subscription}/providers/${TYPE}/${name}`,
    name,
    type: TYPE,
    kind: "SavingsPlan",
    properties: {
      firstConsumptionDate: new Date(call.now - days * DAY_MS).toISOString(),
      lastConsumptionDate: new Date(call.now).toISOString(),
      lookBackPeriod,
      totalHours,
      armSkuName: settings.savingsPlanSkus[0],
      term,
      commitmentGranularity: "Hourly",
      currencyCode: settings.billingCurrency,
      costWithoutBenefit: rounded(uncovered * totalHours),
      scope,
      ...(scope === "Single" && { subscriptionId: subscription }),
      recommendationDetails: {
        averageUtilizationPercentage: 100,
        coveragePercentage: rounded((covered / uncovered) * 100),
        commitmentAmount: commitment,
        overageCost: rounded((uncovered - covered) * totalHours),
        benefitCost: rounded(commitment * totalHours),
        savingsAmount: rounded((covered - commitment) * totalHours),
        savingsPercentage: rounded(((covered - commitment) / uncovered) * 100),
        totalCost: rounded((uncovered - covered + commitment) * totalHours),
        wastageCost: 0,
      },
    },
  };
}
