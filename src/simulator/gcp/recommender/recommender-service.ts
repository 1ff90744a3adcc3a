import type { GcpService } from "../gcp-service.js";
import type { GcpWorld } from "../gcp-world.js";
import { route } from "../route.js";
import { statusErrorBody, statusRefusals } from "../status-errors.js";
import { type MarkedState, markRecommendation } from "./mark-recommendation.js";
import { getRecommendation, listRecommendations, listSpendRecommendations } from "./read-recommendations.js";
import type { Recommendations } from "./recommendations.js";
import { SPEND_RECOMMENDER } from "./spend-recommendations.js";

const CONTAINER = "(?<container>projects|billingAccounts|folders|organizations)/{project}";
const LIST = `/v1/${CONTAINER}/locations/{region}/recommenders/{recommender}/recommendations`;
const ONE = `${LIST}/{recommendation}`;
const SPEND_LIST = LIST.replace(CONTAINER, "(?<container>billingAccounts)/{project}").replace(
  "{recommender}",
  `(?<recommender>${SPEND_RECOMMENDER.replaceAll(".", "\\.")})`,
);

/** The Recommender, as far as commitments go. */
export function recommenderService(world: GcpWorld, recommendations: Recommendations): GcpService {
  const { settings } = world;
  const mark = (state: MarkedState) => markRecommendation(state, settings, recommendations);
  return {
    name: "gcp.recommender",
    prefix: "/v1/",
    routes: [
      route("GET", SPEND_LIST, "ListRecommendations", listSpendRecommendations(world)),
      route("GET", LIST, "ListRecommendations", listRecommendations(settings, recommendations)),
      route("GET", ONE, "GetRecommendation", getRecommendation(recommendations)),
      route("POST", `${ONE}:markClaimed`, "MarkRecommendationClaimed", mark("CLAIMED")),
      route("POST", `${ONE}:markSucceeded`, "MarkRecommendationSucceeded", mark("SUCCEEDED")),
      route("POST", `${ONE}:markFailed`, "MarkRecommendationFailed", mark("FAILED")),
      route("POST", `${ONE}:markDismissed`, "MarkRecommendationDismissed", mark("DISMISSED")),
    ],
    pathParams({ container, project, region, recommender, recommendation }) {
      const parent = `${container}/${project}/locations/${region}/recommenders/${recommender}`;
      return recommendation === undefined ? { parent } : { name: `${parent}/recommendations/${recommendation}` };
    },
    refusals: statusRefusals,
    errorBody: statusErrorBody,
  };
}
