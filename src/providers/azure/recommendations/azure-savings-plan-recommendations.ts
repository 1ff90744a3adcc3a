import { checkKeys, type KeysOf, refuse } from "../../../domain/options.js";
import type { RecommendationSource, SourcePart } from "../../recommendation-source.js";
import { azureSourceFault } from "./azure-source-fault.js";
import { listPages } from "./list-pages.js";
import { sourceOpener } from "./open-source.js";
import {
  type AskedPlans,
  PLAN_TERMS,
  type PlanTerm,
  savingsPlanRecommendation,
} from "./savings-plan-recommendation.js";
import {
  type AzureRecommendationOptions,
  askedFor,
  listProblems,
  SOURCE_OPTION_KEYS,
  sourceOptionProblems,
} from "./source-options.js";
import { filteredQuery, SCOPES, spelledLookback } from "./spelled.js";

/** Which recommendations of savings plans are collected. */
export interface AzureSavingsPlanRecommendationOptions extends AzureRecommendationOptions {
  /** In the order of the answer. Default: both. */
  readonly terms?: readonly PlanTerm[];
}

const KNOWN: KeysOf<AzureSavingsPlanRecommendationOptions> = { ...SOURCE_OPTION_KEYS, terms: true };

/**
 * Which savings plans Azure recommends, by subscription: one part for each scope, look-back and term.
 *
 * Needs `Microsoft.CostManagement/benefitRecommendations/read` on the subscription. Azure counts a purchase days later:
 * so give the collection the engine that buys. Savings plans and reservations are recommended for the same usage; buy
 * one of them, and wait for the next answer before the other.
 */
export function azureSavingsPlanRecommendations(options: AzureSavingsPlanRecommendationOptions): RecommendationSource {
  checkKeys("options", options, KNOWN);
  const { terms = ["1yr", "3yr"] } = options;
  refuse([...sourceOptionProblems(options), ...listProblems("options.terms", terms, ["1yr", "3yr"])]);
  const open = sourceOpener(options);
  return {
    name: "azure.savings-plans",
    parts: (account): readonly SourcePart[] =>
      askedFor(account, options).flatMap((common) =>
        terms.map((term): SourcePart => {
          const asked = { ...common, term };
          return {
            about: `${term} ${asked.scope} ${asked.lookbackDays} days`,
            async collect(context) {
              const items = await listPages(await open(account, context), context, {
                api: "azure.cost-management",
                what: "savings plan recommendations",
                path: pathOf(asked),
                answersNoContent: false,
              });
              return items.map((item) => savingsPlanRecommendation(item, asked));
            },
          };
        }),
      ),
    faultOf: azureSourceFault,
  };
}

function pathOf({ account, scope, lookbackDays, term }: AskedPlans): string {
  const filter = { scope: SCOPES[scope], lookBackPeriod: spelledLookback(lookbackDays), term: PLAN_TERMS[term] };
  const list = `/subscriptions/${encodeURIComponent(account)}/providers/Microsoft.CostManagement/benefitRecommendations`;
  return list + filteredQuery("2025-03-01", filter);
}
