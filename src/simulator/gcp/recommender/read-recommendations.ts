import * as z from "zod/mini";
import { listedAsOf, repeatsPageToken } from "../../call-effects.js";
import { pageOf } from "../../paging.js";
import { parseFilter } from "../filter.js";
import { type GcpOperation, readParams } from "../gcp-service.js";
import type { GcpSettings } from "../gcp-simulator-options.js";
import { statusRefusals } from "../status-errors.js";
import { findRecommendation, numericEnumsSchema, recommendedBy } from "./find-recommendation.js";
import {
  priorityOf,
  RECOMMENDER_SUBTYPE,
  type Recommendation,
  recommendationJson,
  targetOf,
} from "./recommendation.js";
import type { Recommendations } from "./recommendations.js";

const FILTER_FIELDS: ReadonlySet<string> = new Set([
  "priority",
  "recommenderSubtype",
  "stateInfo.state",
  "targetResources",
]);
const PAGE_SIZE = 100;

const listInput = z.object({
  parent: z.string(),
  $alt: numericEnumsSchema,
  pageSize: z._default(z.pipe(z.coerce.number(), z.int()), 0),
  pageToken: z._default(z.string(), ""),
  filter: z._default(z.string().check(z.maxLength(500, "at most 500 characters")), ""),
});

/** Lists what is recommended to a project for a region, in every state. */
export function listRecommendations(settings: GcpSettings, recommendations: Recommendations): GcpOperation {
  return {
    permission: "recommender.usageCommitmentRecommendations.list",
    run(params, call) {
      const { parent, $alt: numericEnums, filter, pageSize, pageToken } = readParams(listInput, params, statusRefusals);
      const passes = filter === "" ? () => true : parseFilter(filter, FILTER_FIELDS);
      if (passes === undefined) throw invalid("filter", filter);
      const found = recommendedBy(parent, call, { recommendations, moment: listedAsOf(call) });
      const page = pageOf(
        found.filter((recommendation) => passes(filterable(recommendation))),
        {
          token: pageToken || undefined,
          size: pageSize > 0 ? pageSize : PAGE_SIZE,
          emptyPages: settings.emptyPages,
          repeatToken: repeatsPageToken(call),
        },
      );
      if (page === undefined) throw invalid("page_token", pageToken);
      const rows = page.rows.map((recommendation) => recommendationJson(recommendation, numericEnums));
      return { ...(rows.length > 0 && { recommendations: rows }), nextPageToken: page.nextToken };
    },
  };
}

function filterable(recommendation: Recommendation): object {
  return {
    stateInfo: { state: recommendation.state },
    recommenderSubtype: RECOMMENDER_SUBTYPE,
    priority: priorityOf(recommendation),
    targetResources: [targetOf(recommendation)],
  };
}

function invalid(field: string, value: string) {
  return statusRefusals.invalidInput({ field, value, message: "it cannot be read" });
}

const getInput = z.object({ name: z.string(), $alt: numericEnumsSchema });

/** Shows a recommendation. */
export function getRecommendation(recommendations: Recommendations): GcpOperation {
  return {
    permission: "recommender.usageCommitmentRecommendations.get",
    run(params, call) {
      const { name, $alt: numericEnums } = readParams(getInput, params, statusRefusals);
      const found = findRecommendation(name, call, { recommendations, moment: listedAsOf(call) });
      return recommendationJson(found, numericEnums);
    },
  };
}
