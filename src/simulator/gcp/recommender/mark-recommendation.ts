import * as z from "zod/mini";
import { SimulatedError } from "../../simulated-error.js";
import { type GcpOperation, readParams } from "../gcp-service.js";
import type { GcpSettings } from "../gcp-simulator-options.js";
import { statusRefusals } from "../status-errors.js";
import { findRecommendation, numericEnumsSchema } from "./find-recommendation.js";
import { type Recommendation, type RecommendationState, recommendationJson } from "./recommendation.js";
import { type Recommendations, stateMetadataSchema } from "./recommendations.js";

/** A state that a caller can set. */
export type MarkedState = Exclude<RecommendationState, "ACTIVE">;

const dismissal = z.object({ name: z.string(), $alt: numericEnumsSchema, etag: z.optional(z.string()) });
const mark = z.extend(dismissal, { etag: z.string().check(z.minLength(1)), stateMetadata: stateMetadataSchema });

const OPEN: readonly RecommendationState[] = ["ACTIVE", "CLAIMED"];
const FINISHED: readonly RecommendationState[] = ["SUCCEEDED", "FAILED"];

/**
 * Sets the state of a recommendation for a caller that knows its etag. A second caller does not know the new etag.
 */
export function markRecommendation(
  state: MarkedState,
  settings: GcpSettings,
  recommendations: Recommendations,
): GcpOperation {
  return {
    permission: "recommender.usageCommitmentRecommendations.update",
    run(params, call) {
      const { name, etag, stateMetadata, $alt: numericEnums } = inputOf(state, params);
      const found = findRecommendation(name, call, { recommendations, moment: call.now });
      if (etag && etag !== found.etag) throw staleEtag(settings);
      if (!sourcesOf(state, settings).includes(found.state)) throw wrongState(found, state);
      return recommendationJson(recommendations.set(found.name, { state, stateMetadata }, call.now), numericEnums);
    },
  };
}

function inputOf(state: MarkedState, params: unknown) {
  if (state === "DISMISSED") return { ...readParams(dismissal, params, statusRefusals), stateMetadata: {} };
  return readParams(mark, params, statusRefusals);
}

/** The states from which the state may be reached. */
function sourcesOf(state: MarkedState, { claimAfterOutcome }: GcpSettings): readonly RecommendationState[] {
  if (state === "DISMISSED") return ["ACTIVE"];
  return state === "CLAIMED" && !claimAfterOutcome ? OPEN : [...OPEN, ...FINISHED];
}

function staleEtag({ staleEtagError }: GcpSettings): SimulatedError {
  const message = "The etag does not match the current etag of the recommendation.";
  return new SimulatedError(staleEtagError, staleEtagError === "ABORTED" ? 409 : 400, message);
}

function wrongState(found: Recommendation, state: MarkedState): SimulatedError {
  return new SimulatedError(
    "FAILED_PRECONDITION",
    400,
    `A recommendation that is ${found.state} cannot be marked ${state}.`,
  );
}
