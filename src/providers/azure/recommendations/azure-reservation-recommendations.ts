import type { AnyTerm } from "../../../domain/commitment-request/common.js";
import type { InputProblem } from "../../../domain/input-problem.js";
import { checkKeys, type KeysOf, refuse } from "../../../domain/options.js";
import type { RecommendationSource, SourceContext, SourcePart } from "../../recommendation-source.js";
import type { AzureConnection } from "../connect.js";
import { azureSourceFault } from "./azure-source-fault.js";
import { withCalculatedPrice } from "./calculated-offer.js";
import { listPages } from "./list-pages.js";
import { sourceOpener } from "./open-source.js";
import { type AskedReservations, reservationRecommendation } from "./reservation-recommendation.js";
import {
  type AzureRecommendationOptions,
  askedFor,
  listProblems,
  SOURCE_OPTION_KEYS,
  sourceOptionProblems,
} from "./source-options.js";
import { filteredQuery, SCOPES, spelledLookback } from "./spelled.js";

/**
 * The resource types for which Azure recommends reservations, as the filter of Microsoft.Consumption 2024-08-01 spells
 * them.
 */
export const AZURE_RECOMMENDED_RESOURCE_TYPES: readonly string[] = [
  "VirtualMachines",
  "SQLDatabases",
  "PostgreSQL",
  "ManagedDisk",
  "MySQL",
  "RedHat",
  "MariaDB",
  "RedisCache",
  "CosmosDB",
  "SqlDataWarehouse",
  "SUSELinux",
  "AppService",
  "BlockBlob",
  "AzureDataExplorer",
  "VMwareCloudSimple",
];

/** Which recommendations of reservations are collected. */
export interface AzureReservationRecommendationOptions extends AzureRecommendationOptions {
  /** In the order of the answer. Default: {@link AZURE_RECOMMENDED_RESOURCE_TYPES}. */
  readonly resourceTypes?: readonly string[];
  /** Those of other terms are left out. Default: all. */
  readonly terms?: readonly AnyTerm[];
  /**
   * Whether Azure is asked what each line costs. Default false: the recommendations state no price, so `toLine` needs an
   * `expectedPrice`.
   *
   * It costs one request for each recommendation, and needs `Microsoft.Capacity/calculatePrice/action`. It moves no
   * money.
   */
  readonly calculatePrices?: boolean;
}

const KNOWN: KeysOf<AzureReservationRecommendationOptions> = {
  ...SOURCE_OPTION_KEYS,
  resourceTypes: true,
  terms: true,
  calculatePrices: true,
};

/**
 * What Azure recommends to reserve, by subscription: one part for each scope, look-back and resource type.
 *
 * Needs `Microsoft.Consumption/reservationRecommendations/read` on the subscription. Azure computes each recommendation
 * as if it were the only one, and counts a purchase days later: so give the collection the engine that buys.
 */
export function azureReservationRecommendations(options: AzureReservationRecommendationOptions): RecommendationSource {
  checkKeys("options", options, KNOWN);
  refuse([...problems(options)]);
  const open = sourceOpener(options);
  const { resourceTypes = AZURE_RECOMMENDED_RESOURCE_TYPES } = options;
  return {
    name: "azure.reservations",
    parts: (account): readonly SourcePart[] =>
      askedFor(account, options).flatMap((asked) =>
        resourceTypes.map((resourceType) => ({
          about: `${resourceType} ${asked.scope} ${asked.lookbackDays} days`,
          collect: async (context) =>
            collect({ ...asked, resourceType }, options, { connection: await open(account, context), context }),
        })),
      ),
    faultOf: azureSourceFault,
  };
}

async function collect(
  asked: AskedReservations,
  { terms, calculatePrices = false }: AzureReservationRecommendationOptions,
  { connection, context }: { readonly connection: AzureConnection; readonly context: SourceContext },
) {
  const items = await listPages(connection, context, {
    api: "azure.consumption",
    what: "reservation recommendations",
    path: pathOf(asked),
    answersNoContent: true,
  });
  const reported = items
    .map((item) => reservationRecommendation(item, asked))
    .filter(({ term }) => terms?.includes(term) ?? true);
  if (!calculatePrices) return reported;
  return Promise.all(reported.map((recommendation) => withCalculatedPrice(recommendation, connection, context)));
}

function pathOf({ account, scope, lookbackDays, resourceType }: AskedReservations): string {
  const filter = { scope: SCOPES[scope], lookBackPeriod: spelledLookback(lookbackDays), resourceType };
  const list = `/subscriptions/${encodeURIComponent(account)}/providers/Microsoft.Consumption/reservationRecommendations`;
  return list + filteredQuery("2024-08-01", filter);
}

function* problems(options: AzureReservationRecommendationOptions): Generator<InputProblem> {
  const { resourceTypes = [], terms = [], calculatePrices = false } = options;
  yield* sourceOptionProblems(options);
  yield* listProblems("options.terms", terms, ["1mo", "1yr", "3yr", "5yr"]);
  const path = "options.resourceTypes";
  // Azure extends its list. A quote would end the text in the filter.
  if (!Array.isArray(resourceTypes) || !resourceTypes.every((type) => /^[A-Za-z][A-Za-z0-9]*$/.test(type)))
    yield { path, problem: 'must be resource types such as "VirtualMachines"' };
  else yield* listProblems(path, resourceTypes, resourceTypes);
  if (typeof calculatePrices !== "boolean") yield { path: "options.calculatePrices", problem: "must be true or false" };
}
