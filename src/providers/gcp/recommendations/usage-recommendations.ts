import { BuyonceError } from "../../../domain/errors.js";
import type { Money } from "../../../domain/money.js";
import type { KeysOf } from "../../../domain/options.js";
import type { RecommendationSource, SourceContext } from "../../recommendation-source.js";
import { computeReport, type UnpricedComputeLine } from "./compute-report.js";
import { googleFaultOf } from "./google-fault.js";
import { listActive } from "./list-active.js";
import { listRegions } from "./list-regions.js";
import type { ListingRecommender, Regions } from "./listing-clients.js";
import { type GcpSourceOptions, readSourceSettings, SOURCE_OPTION_KEYS } from "./source-settings.js";

/** The clients of one project. */
export interface GcpUsageClients {
  readonly recommender: ListingRecommender;
  /** Needed unless the regions are listed by hand. */
  readonly regions?: Regions;
}

/** The options of the source of usage-based recommendations. */
export interface GcpUsageOptions extends GcpSourceOptions {
  /** Gives the SDK clients for a project, by its id. */
  clientFor(project: string): GcpUsageClients | Promise<GcpUsageClients>;
  /** The regions that are asked about. Default: all of the project, by Compute Engine's list. */
  readonly regions?: readonly string[];
  /**
   * The price of a line over its whole term, where it is known, for instance from a price list. No API of Google states
   * it. Without a price, `toLine` takes one with the choice.
   */
  priceFor?(line: UnpricedComputeLine): Money | undefined;
}

const KEYS: KeysOf<GcpUsageOptions> = { ...SOURCE_OPTION_KEYS, clientFor: true, regions: true, priceFor: true };

const RECOMMENDER = "google.compute.commitment.UsageCommitmentRecommender";

/**
 * The commitments of vCPUs and memory that Google recommends to projects from their usage: the source `gcp.usage`. Its
 * accounts are the ids of projects.
 *
 * Needs `recommender.usageCommitmentRecommendations.list`, and `compute.regions.list` unless `regions` names them.
 * Where a billing account shares its discounts, Google recommends to the billing account, and little to its projects.
 * Which project would buy is not said there, so that is not asked.
 */
export function gcpUsageRecommendations(options: GcpUsageOptions): RecommendationSource {
  const settings = readSourceSettings(options, KEYS);
  const { clientFor, priceFor, regions } = options;

  async function regionsOf(clients: GcpUsageClients, project: string, context: SourceContext) {
    if (regions !== undefined) return regions;
    if (clients.regions !== undefined) return listRegions(clients.regions, project, { context, settings });
    const message = "clientFor gives no regions client, and the option `regions` names no region.";
    throw new BuyonceError("DEPENDENCY_MISSING", message, { details: { name: "@google-cloud/compute" } });
  }

  return {
    name: "gcp.usage",
    async parts(project, context) {
      const clients = await clientFor(project);
      const found = await regionsOf(clients, project, context);
      return [...new Set(found)].toSorted().map((region) => ({
        region,
        about: "commitments by usage",
        async collect(collecting) {
          const place = { container: `projects/${project}`, location: region, recommender: RECOMMENDER };
          const active = await listActive(clients.recommender, place, { context: collecting, settings });
          return active.map((recommendation) => computeReport(recommendation, { project, region, priceFor }));
        },
      }));
    },
    faultOf: googleFaultOf,
  };
}
