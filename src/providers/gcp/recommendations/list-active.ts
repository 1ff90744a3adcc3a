import type { SourceContext } from "../../recommendation-source.js";
import { googlePages } from "./google-pages.js";
import { type GoogleRecommendation, readActive } from "./google-recommendation.js";
import type { ListingRecommender } from "./listing-clients.js";
import type { GcpSourceSettings } from "./source-settings.js";

// Google answers fewer at once if it likes. Each page counts towards a quota, which may be 100 requests a day.
const PAGE_SIZE = 1_000;

/** Where recommendations are listed. */
export interface RecommendedPlace {
  /** Such as `projects/my-project-1`. */
  readonly container: string;
  /** A region, or `global`. */
  readonly location: string;
  /** The id of the recommender. */
  readonly recommender: string;
}

/**
 * The active recommendations of a recommender, in the order of their names.
 *
 * Others have been followed, are being followed or were dismissed. They are left out by Google's filter, and here.
 */
export async function listActive(
  client: ListingRecommender,
  { container, location, recommender }: RecommendedPlace,
  { context, settings }: { readonly context: SourceContext; readonly settings: GcpSourceSettings },
): Promise<readonly GoogleRecommendation[]> {
  const parent = `${container}/locations/${location}/recommenders/${recommender}`;
  const asked = { parent, filter: "stateInfo.state = ACTIVE", pageSize: PAGE_SIZE };
  const rows = await googlePages(context, {
    api: "gcp.recommender",
    operation: "Recommender.listRecommendations",
    settings,
    send: (page, options) => client.listRecommendations({ ...asked, ...page }, options),
  });
  const active = rows.flatMap((row) => readActive(row) ?? []);
  return active.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
