import type { KeysOf } from "../../../domain/options.js";
import type { RecommendationSource } from "../../recommendation-source.js";
import { googleFaultOf } from "./google-fault.js";
import { listActive } from "./list-active.js";
import type { ListingRecommender } from "./listing-clients.js";
import { type GcpSourceOptions, readSourceSettings, SOURCE_OPTION_KEYS } from "./source-settings.js";
import { type GcpSpendCommitment, type GcpSpendRecommendation, spendReport } from "./spend-report.js";

/** The options of the source of spend-based recommendations. */
export interface GcpSpendRecommendationOptions extends GcpSourceOptions {
  /** Gives the SDK client for a billing account, by its id, such as `01ABCD-234567-89EF01`. */
  clientFor(
    billingAccount: string,
  ): { readonly recommender: ListingRecommender } | Promise<{ readonly recommender: ListingRecommender }>;
  /** The locations that are asked about. Default: `global`. */
  readonly locations?: readonly string[];
  /**
   * Reads what a recommendation says is to be bought; `undefined` where that is not certain. Google does not document
   * what these recommendations hold, so without this function they are advice, and have no line.
   */
  commitmentFor?(recommendation: GcpSpendRecommendation): GcpSpendCommitment | undefined;
}

const KEYS: KeysOf<GcpSpendRecommendationOptions> = {
  ...SOURCE_OPTION_KEYS,
  clientFor: true,
  locations: true,
  commitmentFor: true,
};

const RECOMMENDER = "google.cloudbilling.commitment.SpendBasedCommitmentRecommender";

/**
 * The spend-based committed use discounts that Google recommends to billing accounts: the source `gcp.spend`. Its
 * accounts are the ids of billing accounts.
 *
 * Needs `recommender.spendBasedCommitmentRecommendations.list`. Google documents the recommender for billing accounts,
 * and no list of its locations. Public tools ask for `global`.
 */
export function gcpSpendRecommendations(options: GcpSpendRecommendationOptions): RecommendationSource {
  const settings = readSourceSettings(options, KEYS);
  const { clientFor, commitmentFor, locations = ["global"] } = options;
  return {
    name: "gcp.spend",
    async parts(billingAccount) {
      const { recommender } = await clientFor(billingAccount);
      return [...new Set(locations)].toSorted().map((location) => ({
        ...(location !== "global" && { region: location }),
        about: `commitments by spend in ${location}`,
        async collect(context) {
          const place = { container: `billingAccounts/${billingAccount}`, location, recommender: RECOMMENDER };
          const active = await listActive(recommender, place, { context, settings });
          return active.map((recommendation) =>
            spendReport(recommendation, { billingAccount, location, commitmentFor }),
          );
        },
      }));
    },
    faultOf: googleFaultOf,
  };
}
