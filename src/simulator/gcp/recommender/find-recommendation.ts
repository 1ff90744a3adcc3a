import * as z from "zod/mini";
import { SimulatedError } from "../../simulated-error.js";
import type { GcpCall } from "../gcp-service.js";
import { COMMITMENT_RECOMMENDER, type Recommendation } from "./recommendation.js";
import type { Recommendations } from "./recommendations.js";
import { SPEND_RECOMMENDER } from "./spend-recommendations.js";

/** Recommenders of commitments. The second one has nothing to recommend to projects. */
const RECOMMENDERS: ReadonlySet<string> = new Set([COMMITMENT_RECOMMENDER, SPEND_RECOMMENDER]);

/**
 * What a recommender recommends to the project and region of the call as of `moment`; refused for an unknown
 * recommender.
 */
export function recommendedBy(
  parent: string,
  call: GcpCall,
  { recommendations, moment }: { readonly recommendations: Recommendations; readonly moment: number },
): Recommendation[] {
  const recommender = parent.split("/").at(-1) ?? "";
  if (!RECOMMENDERS.has(recommender)) {
    throw new SimulatedError("INVALID_ARGUMENT", 400, "Request contains an invalid argument.");
  }
  if (recommender !== COMMITMENT_RECOMMENDER || !parent.startsWith("projects/")) return [];
  recommendations.refresh(call.project, call.region, call.now);
  return recommendations.asOf(call.project, call.region, moment);
}

/** The recommendation with this full name, whether that has the project's number or its id; refused if there is none. */
export function findRecommendation(
  name: string,
  call: GcpCall,
  at: { readonly recommendations: Recommendations; readonly moment: number },
): Recommendation {
  const [parent = "", recommendationId] = name.split("/recommendations/");
  const found = recommendedBy(parent, call, at).find(({ content }) => content.recommendationId === recommendationId);
  if (found === undefined) throw new SimulatedError("NOT_FOUND", 404, "Requested entity was not found.");
  return found;
}

/** Whether the answer is to carry enums as numbers, which Google's own clients ask for by the parameter `$alt`. */
export const numericEnumsSchema = z.pipe(
  z.optional(z.string()),
  z.transform((alt) => alt?.includes("enum-encoding=int") ?? false),
);
