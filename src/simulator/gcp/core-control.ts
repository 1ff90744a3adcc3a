import { coreControls, settle } from "../core-controls.js";
import { clientOptionsFor } from "./client-options.js";
import type { GcpCore } from "./gcp-core.js";
import type { ConnectedGcpSimulator, ListedRecommendation } from "./gcp-simulator.js";
import type { Recommendation } from "./recommender/recommendation.js";

/** The controls of a simulator in this process. */
export function coreControl(core: GcpCore, url: string): ConnectedGcpSimulator {
  const { recommendations } = core;
  return {
    url,
    ...coreControls(core),
    recommendations: {
      list: (project, region) => settle(() => listed(recommendations.asOf(project, region, core.settledNow()))),
      add: (...added) => settle(() => recommendations.add(added, core.settledNow())),
      touch: (name) => settle(() => recommendations.touch(name, core.settledNow())),
      claim: (name, by) => settle(() => recommendations.claim(name, by, core.settledNow())),
    },
    clientOptions: (project, choice) => clientOptionsFor(url, project, choice),
  };
}

function listed(recommendations: readonly Recommendation[]): ListedRecommendation[] {
  return recommendations.map(({ content, name, etag, state, stateMetadata }) => {
    return { ...content, name, etag, state, stateMetadata };
  });
}
