import "../protocols-once.js";
import { RegionsClient } from "@google-cloud/compute";
import { RecommenderClient } from "@google-cloud/recommender";
import type { GcpClientChoice, GcpSimulator } from "buyonce/simulator";
import { onTestFinished } from "vitest";
import { silentLogger } from "../../../../src/domain/logger.js";
import type { RecommendationSource } from "../../../../src/providers/recommendation-source.js";
import { collectRecommendations } from "../../../../src/recommendations/fan-out/collect-recommendations.js";
import type { CollectionOptions } from "../../../../src/recommendations/fan-out/collection-options.js";
import { PROJECT } from "../compute-line.js";

/** Google's own clients that list, for a project, closed at the end of the test. */
export function listingClients(
  simulator: Pick<GcpSimulator, "clientOptions">,
  { project = PROJECT, ...choice }: GcpClientChoice & { readonly project?: string } = {},
) {
  const recommender = new RecommenderClient(simulator.clientOptions(project, choice));
  const regions = new RegionsClient(simulator.clientOptions(project, choice));
  onTestFinished(async () => {
    await Promise.all([recommender.close(), regions.close()]);
  });
  return { recommender, regions };
}

/** Collects from one source, with short waits. */
export const collect = (
  source: RecommendationSource,
  accounts: CollectionOptions["sources"][number]["accounts"] = [PROJECT],
  options: Partial<CollectionOptions> = {},
) => collectRecommendations({ sources: [{ source, accounts }], logger: silentLogger, firstWaitMs: 1, ...options });
