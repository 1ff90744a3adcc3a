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
import { RECOMMENDED_SERVICES, type RecommendedServiceName } from "./reservable.js";
import { type ReservationDetail, type ReservationQuestion, reservationReport } from "./reservation-report.js";

/** The options of {@link awsReservationRecommendations}. */
export interface AwsReservationRecommendationsOptions extends CostExplorerOptions, CombinationOptions {
  /** Default: all. `aws.dynamodb` is advice, because no API sells it. */
  readonly services?: readonly RecommendedServiceName[];
  /** The class of EC2 Reserved Instances. Default: `standard`. */
  readonly offeringClass?: "standard" | "convertible";
  /**
   * The kind of Redshift offering to buy, such as `Regular`, which Cost Explorer does not state. Without it, what it
   * recommends for Redshift is advice.
   */
  readonly redshiftOfferingType?: string;
}

const OPTIONS: KeysOf<AwsReservationRecommendationsOptions> = {
  clientFor: true,
  maxPages: true,
  terms: true,
  payments: true,
  lookbackDays: true,
  accountScope: true,
  services: true,
  offeringClass: true,
  redshiftOfferingType: true,
};

const SERVICES = Object.keys(RECOMMENDED_SERVICES) as RecommendedServiceName[];

/**
 * What Cost Explorer recommends to reserve, of EC2, RDS, ElastiCache, OpenSearch, Redshift, MemoryDB and DynamoDB.
 *
 * One request for each service, term, payment and look-back, at 0.01 USD a page. RDS is not asked for three years
 * without upfront payment, which it does not sell. Needs `ce:GetReservationPurchaseRecommendation`.
 */
export function awsReservationRecommendations(options: AwsReservationRecommendationsOptions): RecommendationSource {
  checkKeys<AwsReservationRecommendationsOptions>("options", options, OPTIONS);
  refuse([...problems(options)]);
  const { services = SERVICES, offeringClass = "standard", redshiftOfferingType } = options;
  const settings = { offeringClass, redshiftOfferingType };
  return {
    name: "aws.reservations",
    parts: (account) =>
      services.flatMap((service) =>
        combinationsOf(options)
          .filter((combination) => isSold(service, combination))
          .map((combination) => ({
            about: `${service} ${inWords(combination)}`,
            collect: (context) => collect(options, { account, service, combination, settings }, context),
          })),
      ),
    faultOf: awsSourceFault,
  };
}

function* problems(options: AwsReservationRecommendationsOptions): Generator<InputProblem> {
  const { services, offeringClass, redshiftOfferingType } = options;
  yield* costExplorerProblems(options);
  yield* combinationProblems(options);
  yield* listProblems("services", services, SERVICES);
  if (offeringClass !== undefined)
    yield* listProblems("offeringClass", [offeringClass], ["standard", "convertible"], "must be one of");
  if (redshiftOfferingType !== undefined && !/^[A-Z][A-Za-z]*$/.test(redshiftOfferingType))
    yield { path: "options.redshiftOfferingType", problem: 'must be a type of offering of Redshift such as "Regular"' };
}

/** "This option is only available as a one-year reservation" (No Upfront in the RDS User Guide). */
const isSold = (service: RecommendedServiceName, { term, payment }: Combination): boolean =>
  !(service === "aws.rds" && term === "3yr" && payment === "no_upfront");

async function collect(
  options: CostExplorerOptions,
  question: ReservationQuestion,
  context: SourceContext,
): Promise<readonly ReportedRecommendation[]> {
  const { maxPages = 100 } = options;
  const client = await options.clientFor(question.account);
  const details = await collectPages({
    operation: "GetReservationPurchaseRecommendation",
    maxPages,
    signal: context.signal,
    fetch: (nextPageToken) => fetchPage({ client, context }, question, nextPageToken),
  });
  return details.map((detail) => reservationReport(detail, question));
}

async function fetchPage(
  { client, context }: { readonly client: CostExplorerClient; readonly context: SourceContext },
  { service, combination, settings }: ReservationQuestion,
  nextPageToken: string | undefined,
) {
  const { GetReservationPurchaseRecommendationCommand } = await loadCostExplorer();
  const asked = onWire(combination);
  const ofEc2 = { OfferingClass: settings.offeringClass === "standard" ? "STANDARD" : "CONVERTIBLE" } as const;
  const command = new GetReservationPurchaseRecommendationCommand({
    ...asked,
    Service: RECOMMENDED_SERVICES[service].askedAs,
    ...(service === "aws.ec2" && { ServiceSpecification: { EC2Specification: ofEc2 } }),
    ...(nextPageToken !== undefined && { NextPageToken: nextPageToken }),
  });
  const page = await context.call("GetReservationPurchaseRecommendation", (abortSignal) =>
    client.send(command, { abortSignal }),
  );
  const items = page.Recommendations?.flatMap((recommendation): readonly ReservationDetail[] => {
    checkAnswered(asked, recommendation);
    if (service === "aws.ec2") checkAnswered(ofEc2, recommendation.ServiceSpecification?.EC2Specification ?? {});
    const { RecommendationDetails } = recommendation;
    if (RecommendationDetails === undefined) throw new Error("Cost Explorer answered a recommendation without details");
    return RecommendationDetails.map((detail) => ({ detail, recommendation, metadata: page.Metadata }));
  });
  return { items, nextToken: page.NextPageToken };
}
