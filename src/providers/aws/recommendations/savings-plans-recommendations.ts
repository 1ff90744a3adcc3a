import type { GetSavingsPlansPurchaseRecommendationResponse } from "@aws-sdk/client-cost-explorer";
import { systemClock } from "../../../domain/clock.js";
import type { InputProblem } from "../../../domain/input-problem.js";
import { checkKeys, type KeysOf, refuse } from "../../../domain/options.js";
import type { ReportedRecommendation } from "../../../domain/recommendation.js";
import { collectPages } from "../../collect-pages.js";
import type { RecommendationSource, SourceContext } from "../../recommendation-source.js";
import { awsSourceFault } from "./aws-source-fault.js";
import {
  type Combination,
  type CombinationOptions,
  checkAnswered,
  combinationProblems,
  combinationsOf,
  inWords,
  listProblems,
  onWire,
} from "./combination.js";
import { type CostExplorerClient, loadCostExplorer } from "./cost-explorer-client.js";
import { type CostExplorerOptions, costExplorerProblems } from "./cost-explorer-options.js";
import { type GenerationStart, isStale, startGeneration } from "./recommendation-generation.js";
import { statedTime } from "./reported-amounts.js";
import {
  type PlanDetail,
  type PlanQuestion,
  type RecommendedPlanType,
  savingsPlanReport,
} from "./savings-plan-report.js";

/** The options of {@link awsSavingsPlansRecommendations}. */
export interface AwsSavingsPlansRecommendationsOptions extends CostExplorerOptions, CombinationOptions {
  /** Default: all four. */
  readonly planTypes?: readonly RecommendedPlanType[];
  /** Recommendations that are older are computed anew. Default: 24 hours. */
  readonly staleAfterMs?: number;
}

const OPTIONS: KeysOf<AwsSavingsPlansRecommendationsOptions> = {
  clientFor: true,
  maxPages: true,
  terms: true,
  payments: true,
  lookbackDays: true,
  accountScope: true,
  planTypes: true,
  staleAfterMs: true,
};

const WIRE_TYPES = {
  Compute: "COMPUTE_SP",
  EC2Instance: "EC2_INSTANCE_SP",
  SageMaker: "SAGEMAKER_SP",
  Database: "DATABASE_SP",
} as const satisfies Readonly<Record<RecommendedPlanType, string>>;

const PLAN_TYPES = Object.keys(WIRE_TYPES) as RecommendedPlanType[];
const DAY_MS = 86_400_000;

/**
 * What Cost Explorer recommends to buy of Savings Plans: Compute, EC2 Instance, SageMaker and Database.
 *
 * One request for each type, term, payment and look-back, at 0.01 USD a page. Database plans are asked for one year
 * without upfront payment only, as they are sold. If an answer is stale, newer recommendations are ordered once for the
 * account, and the answer is reported as it is, with evidence of the order. Needs
 * `ce:GetSavingsPlansPurchaseRecommendation` and `ce:StartSavingsPlansPurchaseRecommendationGeneration`.
 */
export function awsSavingsPlansRecommendations(options: AwsSavingsPlansRecommendationsOptions): RecommendationSource {
  checkKeys<AwsSavingsPlansRecommendationsOptions>("options", options, OPTIONS);
  refuse([...problems(options)]);
  const { planTypes = PLAN_TYPES } = options;
  return {
    name: "aws.savings-plans",
    parts(account) {
      let generation: Promise<GenerationStart> | undefined;
      const start: Collector["start"] = (client, context) => {
        generation ??= startGeneration(client, account, context);
        return generation;
      };
      return planTypes.flatMap((planType) =>
        combinationsOf(options)
          .filter((combination) => isSold(planType, combination))
          .map((combination) => ({
            about: `${planType} ${inWords(combination)}`,
            collect: (context) => collect({ options, start }, { account, planType, combination }, context),
          })),
      );
    },
    faultOf: awsSourceFault,
  };
}

function* problems(options: AwsSavingsPlansRecommendationsOptions): Generator<InputProblem> {
  const { planTypes, staleAfterMs = DAY_MS } = options;
  yield* costExplorerProblems(options);
  yield* combinationProblems(options);
  yield* listProblems("planTypes", planTypes, PLAN_TYPES);
  if (!(typeof staleAfterMs === "number" && staleAfterMs >= 0))
    yield { path: "options.staleAfterMs", problem: "must be a number of milliseconds of at least 0" };
}

/** AWS launched Database plans, in December 2025, with one choice: one year without upfront payment. */
const isSold = (planType: RecommendedPlanType, { term, payment }: Combination): boolean =>
  planType !== "Database" || (term === "1yr" && payment === "no_upfront");

/** What the parts of an account share. */
interface Collector {
  readonly options: AwsSavingsPlansRecommendationsOptions;
  /** Orders newer recommendations, once. */
  start(client: CostExplorerClient, context: SourceContext): Promise<GenerationStart>;
}

async function collect(
  { options, start }: Collector,
  question: PlanQuestion,
  context: SourceContext,
): Promise<readonly ReportedRecommendation[]> {
  const { maxPages = 100, staleAfterMs = DAY_MS } = options;
  const client = await options.clientFor(question.account);
  let generatedAt: number | undefined;
  const details = await collectPages({
    operation: "GetSavingsPlansPurchaseRecommendation",
    maxPages,
    signal: context.signal,
    async fetch(nextPageToken) {
      const page = await fetchPage({ client, context }, question, nextPageToken);
      generatedAt ??= statedTime(page.Metadata?.GenerationTimestamp);
      return { items: detailsOn(page), nextToken: page.NextPageToken };
    },
  });
  const generation = isStale(generatedAt, systemClock.now(), staleAfterMs) ? await start(client, context) : undefined;
  return details.map((detail) => savingsPlanReport(detail, question, generation));
}

async function fetchPage(
  { client, context }: { readonly client: CostExplorerClient; readonly context: SourceContext },
  { planType, combination }: PlanQuestion,
  nextPageToken: string | undefined,
): Promise<GetSavingsPlansPurchaseRecommendationResponse> {
  const { GetSavingsPlansPurchaseRecommendationCommand } = await loadCostExplorer();
  const asked = { ...onWire(combination), SavingsPlansType: WIRE_TYPES[planType] };
  const command = new GetSavingsPlansPurchaseRecommendationCommand({
    ...asked,
    ...(nextPageToken !== undefined && { NextPageToken: nextPageToken }),
  });
  const page = await context.call("GetSavingsPlansPurchaseRecommendation", (abortSignal) =>
    client.send(command, { abortSignal }),
  );
  checkAnswered(asked, page.SavingsPlansPurchaseRecommendation ?? {});
  return page;
}

/**
 * The details on a page. `undefined` if the answer does not say whether there are any.
 *
 * The model requires nothing. An answer that states when it was computed, and neither details nor a count of them, says
 * that nothing is recommended.
 */
function detailsOn(page: GetSavingsPlansPurchaseRecommendationResponse): readonly PlanDetail[] | undefined {
  const { SavingsPlansPurchaseRecommendation: found, Metadata: metadata } = page;
  const details = found?.SavingsPlansPurchaseRecommendationDetails;
  if (details !== undefined) return details.map((detail) => ({ detail, metadata }));
  const count = found?.SavingsPlansPurchaseRecommendationSummary?.TotalRecommendationCount ?? "0";
  return metadata?.GenerationTimestamp !== undefined && Number(count) === 0 ? [] : undefined;
}
