import * as z from "zod/mini";
import { listedAsOf, repeatsPageToken } from "../../call-effects.js";
import { pageOf } from "../../paging.js";
import { parseFilter } from "../filter.js";
import { type GcpCall, type GcpOperation, readParams } from "../gcp-service.js";
import type { GcpSettings } from "../gcp-simulator-options.js";
import type { GcpWorld } from "../gcp-world.js";
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
import { SPEND_SUBTYPE, spendRecommendations } from "./spend-recommendations.js";

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
      const input = readParams(listInput, params, statusRefusals);
      const found = recommendedBy(input.parent, call, { recommendations, moment: listedAsOf(call) });
      const rows = found.map((recommendation) => ({
        filterable: filterable(recommendation),
        json: recommendationJson(recommendation, input.$alt),
      }));
      return listed(rows, input, { settings, call });
    },
  };
}

/** Lists what is recommended to a billing account because of what it spends. All of it is at the location `global`. */
export function listSpendRecommendations(world: GcpWorld): GcpOperation {
  return {
    permission: "recommender.spendBasedCommitmentRecommendations.list",
    run(params, call) {
      const input = readParams(listInput, params, statusRefusals);
      const found = call.region === "global" ? spendRecommendations(world, call.project, listedAsOf(call)) : [];
      const rows = found.map((json) => ({
        filterable: { stateInfo: { state: "ACTIVE" }, recommenderSubtype: SPEND_SUBTYPE },
        json,
      }));
      return listed(rows, input, { settings: world.settings, call });
    },
  };
}

interface Row {
  /** What a filter reads. */
  readonly filterable: object;
  readonly json: object;
}

/** The page that a listing asks for. */
function listed(
  rows: readonly Row[],
  { filter, pageSize, pageToken }: z.infer<typeof listInput>,
  { settings, call }: { readonly settings: GcpSettings; readonly call: GcpCall },
): object {
  const passes = filter === "" ? () => true : parseFilter(filter, FILTER_FIELDS);
  if (passes === undefined) throw invalid("filter", filter);
  const page = pageOf(
    rows.filter((row) => passes(row.filterable)),
    {
      token: pageToken || undefined,
      size: pageSize > 0 ? pageSize : PAGE_SIZE,
      emptyPages: settings.emptyPages,
      repeatToken: repeatsPageToken(call),
    },
  );
  if (page === undefined) throw invalid("page_token", pageToken);
  const recommendations = page.rows.map(({ json }) => json);
  return { ...(recommendations.length > 0 && { recommendations }), nextPageToken: page.nextToken };
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
