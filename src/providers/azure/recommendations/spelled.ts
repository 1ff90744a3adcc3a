import Big from "big.js";
import type { AnyTerm } from "../../../domain/commitment-request/common.js";
import { TERMS } from "../spelling.js";
import type { AskedRecommendations, AzureRecommendationScope } from "./source-options.js";

/** How Azure spells the scopes of recommendations. */
export const SCOPES: Readonly<Record<AzureRecommendationScope, "Shared" | "Single">> = {
  shared: "Shared",
  single: "Single",
};

/** How a filter spells a look-back. */
export const spelledLookback = (days: number): string => `Last${days}Days`;

/** The query that asks an API in this version for what has these properties. */
export const filteredQuery = (version: string, properties: Readonly<Record<string, string>>): string =>
  `?api-version=${version}&$filter=${encodeURIComponent(filterOf(properties))}`;

/** The condition that properties of a recommendation have these values. */
const filterOf = (properties: Readonly<Record<string, string>>): string =>
  Object.entries(properties)
    .map(([name, value]) => `properties/${name} eq '${value}'`)
    .join(" AND ");

/** The term that Azure spells so. Throws for one that is not known. */
export function termOf(spelled: string): AnyTerm {
  const found = Object.entries(TERMS).find(([, known]) => known === spelled);
  if (found === undefined) throw new Error(`the term "${spelled}" is not known`);
  return found[0] as AnyTerm;
}

/** A number as a plain decimal text. `undefined` for one below 0, which no figure may be. */
export function decimalOf(value: number, decimals: number): string | undefined {
  const rounded = new Big(value).round(decimals, Big.roundHalfUp);
  return rounded.lt(0) ? undefined : rounded.toFixed();
}

/** Throws if a recommendation is not what was asked for. */
export function checkAnswered(
  asked: AskedRecommendations,
  stated: {
    readonly scope: string;
    readonly lookBackPeriod?: string | number | null | undefined;
    readonly subscriptionId?: string | null | undefined;
  },
): void {
  const { scope, lookBackPeriod: lookback, subscriptionId: subscription } = stated;
  if (scope.toLowerCase() !== asked.scope) throw new Error(`asked for scope ${asked.scope}, answered with ${scope}`);
  const days = lookback ?? asked.lookbackDays;
  if (days !== asked.lookbackDays && days !== spelledLookback(asked.lookbackDays))
    throw new Error(`asked for ${asked.lookbackDays} days, answered with ${days}`);
  if (subscription && subscription.toLowerCase() !== asked.account)
    throw new Error(`asked for subscription ${asked.account}, answered with ${subscription}`);
}
