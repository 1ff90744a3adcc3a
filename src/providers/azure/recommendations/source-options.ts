import type { InputProblem } from "../../../domain/input-problem.js";
import type { KeysOf } from "../../../domain/options.js";
import type { AzureProviderOptions } from "../azure-provider-options.js";

/** How far a commitment would apply: to all subscriptions that are billed together, or to the one that is asked. */
export type AzureRecommendationScope = "shared" | "single";

/** Over how many days of usage Azure computes a recommendation. */
export type AzureLookback = 7 | 30 | 60;

/** The options of every source of Azure's recommendations. */
export interface AzureRecommendationOptions
  extends Pick<AzureProviderOptions, "clientFor" | "httpClient" | "endpoint" | "maxPages"> {
  /**
   * Which scopes are asked for, in the order of the answer. Default: `single`.
   *
   * What Azure recommends for one scope, it recommends in place of the other: one of both is bought. A shared
   * recommendation may count the usage of all subscriptions that are billed together. So ask one subscription of each
   * billing account or profile for it, and all of them for `single`.
   */
  readonly scopes?: readonly AzureRecommendationScope[];
  /** In days. Default: 30. */
  readonly lookbackDays?: readonly AzureLookback[];
  /** How the lines are paid. Azure recommends none, and asks the same in total. Default `all_upfront`, as Azure's own. */
  readonly payment?: "all_upfront" | "no_upfront";
}

/** The names of the options that every source takes. */
export const SOURCE_OPTION_KEYS: KeysOf<AzureRecommendationOptions> = {
  clientFor: true,
  httpClient: true,
  endpoint: true,
  maxPages: true,
  scopes: true,
  lookbackDays: true,
  payment: true,
};

/** What one part of a source asks for. */
export interface AskedRecommendations {
  /** The GUID of the subscription, in lower case. */
  readonly account: string;
  readonly scope: AzureRecommendationScope;
  readonly lookbackDays: AzureLookback;
  readonly payment: "all_upfront" | "no_upfront";
}

/** Every scope with every look-back, in the order of the options. */
export function askedFor(
  account: string,
  { scopes = ["single"], lookbackDays = [30], payment = "all_upfront" }: AzureRecommendationOptions,
): readonly AskedRecommendations[] {
  return scopes.flatMap((scope) =>
    lookbackDays.map((days) => ({ account: account.toLowerCase(), scope, lookbackDays: days, payment })),
  );
}

/** The problems with the values of the options. */
export function* sourceOptionProblems(options: AzureRecommendationOptions): Generator<InputProblem> {
  const { scopes = [], lookbackDays = [], payment = "all_upfront" } = options;
  yield* listProblems("options.scopes", scopes, ["shared", "single"]);
  yield* listProblems("options.lookbackDays", lookbackDays, [7, 30, 60]);
  yield* listProblems("options.payment", [payment], ["all_upfront", "no_upfront"]);
}

/** The problems with a list of values that are known. */
export function* listProblems(
  path: string,
  list: readonly (string | number)[],
  known: readonly (string | number)[],
): Generator<InputProblem> {
  const isFine = Array.isArray(list) && list.every((value) => known.includes(value));
  if (!isFine) yield { path, problem: `must be of ${known.join(", ")}` };
  else if (new Set(list).size < list.length) yield { path, problem: "must not name a value twice" };
}
