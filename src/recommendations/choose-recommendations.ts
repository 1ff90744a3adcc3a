import type { AnyTerm, Payment } from "../domain/commitment-request/common.js";
import { checkKeys, refuse } from "../domain/options.js";
import type { Recommendation } from "../domain/recommendation.js";
import { alternativesKey } from "./recommendation-key.js";

/** What is preferred, best first. */
export interface RecommendationPreference {
  readonly terms: readonly AnyTerm[];
  readonly payments: readonly Payment[];
  /** In days. Default: any, the longest first. */
  readonly lookbackDays?: readonly number[];
  /** Such as `shared`. Default: any, in the order of the alphabet. */
  readonly variants?: readonly string[];
}

/**
 * Of recommendations for the same, the one that is preferred most; none if no term or payment fits.
 *
 * The clouds recommend the same commitment once for each term, payment and look-back. To buy two of them is to cover one
 * need twice. The order stays. Terms decide before payments, then look-backs, then variants.
 */
export function chooseRecommendations<Each extends Recommendation>(
  recommendations: readonly Each[],
  preference: RecommendationPreference,
): readonly Each[] {
  checkKeys<RecommendationPreference>("preference", preference, {
    terms: true,
    payments: true,
    lookbackDays: true,
    variants: true,
  });
  refuse([...lists(preference)]);
  const best = new Map<string, { readonly recommendation: Each; readonly ranks: Ranks }>();
  for (const recommendation of recommendations) {
    const ranks = ranksOf(recommendation, preference);
    if (ranks === undefined) continue;
    const key = alternativesKey(recommendation);
    const other = best.get(key);
    // The place of the first one that fits is kept.
    if (other === undefined || isBetter(ranks, other.ranks)) best.set(key, { recommendation, ranks });
  }
  return [...best.values()].map(({ recommendation }) => recommendation);
}

function* lists(preference: RecommendationPreference) {
  for (const name of ["terms", "payments"] as const)
    if (!Array.isArray(preference[name])) yield { path: `preference.${name}`, problem: "must be a list, best first" };
}

type Ranks = readonly (number | string)[];

/** How well it fits, most important first; less is better. `undefined` if it does not. */
function ranksOf(
  { term, payment, lookbackDays, variant, key }: Recommendation,
  preference: RecommendationPreference,
): Ranks | undefined {
  const { terms, payments } = preference;
  const days =
    preference.lookbackDays === undefined
      ? 10_000 - (lookbackDays ?? 0)
      : rankIn(preference.lookbackDays, lookbackDays);
  const variants = preference.variants === undefined ? (variant ?? "") : rankIn(preference.variants, variant);
  const ranks = [rankIn(terms, term), rankIn(payments, payment), days, variants, key];
  return ranks.includes(-1) ? undefined : ranks;
}

/** The position in a list; -1 if it does not fit. What the cloud does not state fits. */
const rankIn = <Value>(list: readonly Value[], value: Value | null): number =>
  value === null ? 0 : list.indexOf(value);

function isBetter(ranks: Ranks, others: Ranks): boolean {
  const index = ranks.findIndex((rank, position) => rank !== others[position]);
  const [rank = "", other = ""] = [ranks[index], others[index]];
  return rank < other;
}
