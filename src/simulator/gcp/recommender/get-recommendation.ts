import * as z from "zod";
import { listedAsOf } from "../../call-effects.js";
import { checked, type GcpOperation } from "../gcp-service.js";
import { numericEnumsSchema } from "./enum-encoding.js";
import { findRecommendation } from "./find-recommendation.js";
import { recommendationJson } from "./recommendation.js";
import type { Recommendations } from "./recommendations.js";
import { recommenderRefusals } from "./recommender-errors.js";

const input = z.object({ name: z.string(), $alt: numericEnumsSchema });

/** Shows a recommendation. */
export function getRecommendation(recommendations: Recommendations): GcpOperation {
  return {
    permission: "recommender.usageCommitmentRecommendations.get",
    run(params, call) {
      const { name, $alt: numericEnums } = checked(input, params, recommenderRefusals);
      const found = findRecommendation(name, call, { recommendations, moment: listedAsOf(call) });
      return recommendationJson(found, numericEnums);
    },
  };
}
