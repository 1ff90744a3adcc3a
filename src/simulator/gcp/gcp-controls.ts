import * as z from "zod/mini";
import { COMMON_CONTROLS, type ControlTable } from "../control-surface.js";
import { coreControls, settle } from "../core-controls.js";
import { readSettings } from "../read-settings.js";
import { clientOptionsFor } from "./client-options.js";
import type { GcpCore } from "./gcp-core.js";
import type { ConnectedGcpSimulator, ListedRecommendation } from "./gcp-simulator.js";
import { commitmentRecommendationSchema } from "./recommender/commitment-recommendation.js";
import type { Recommendation } from "./recommender/recommendation.js";
import { resourceUsageSchema } from "./recommender/usage.js";

const place = z.strictObject({ project: z.string(), region: z.string() });
const added = z.strictObject({ added: z.array(commitmentRecommendationSchema) });
const used = z.strictObject({ usages: z.array(resourceUsageSchema) });
const touched = z.strictObject({ name: z.string() });
const claimed = z.strictObject({ name: z.string(), by: z.string() });

/** The controls of a simulated Google Cloud, as a client in another process calls them. */
export const GCP_CONTROLS: ControlTable<ConnectedGcpSimulator> = {
  ...COMMON_CONTROLS,
  "POST recommendations/list": ({ recommendations }, body) => {
    const { project, region } = readSettings(place, body);
    return recommendations.list(project, region);
  },
  "POST recommendations": ({ recommendations }, body) => recommendations.add(...readSettings(added, body).added),
  "POST recommendations/use": ({ recommendations }, body) => recommendations.use(...readSettings(used, body).usages),
  "POST recommendations/touch": ({ recommendations }, body) => recommendations.touch(readSettings(touched, body).name),
  "POST recommendations/claim": ({ recommendations }, body) => {
    const { name, by } = readSettings(claimed, body);
    return recommendations.claim(name, by);
  },
};

/** The controls of a simulator in this process. */
export function coreControl(core: GcpCore, url: string): ConnectedGcpSimulator {
  const { recommendations } = core;
  return {
    url,
    ...coreControls(core),
    recommendations: {
      list: (project, region) =>
        settle(() => {
          const now = core.settledNow();
          recommendations.refresh(project, region, now);
          return listed(recommendations.asOf(project, region, now));
        }),
      add: (...added) => settle(() => recommendations.add(added, core.settledNow())),
      use: (...usages) => settle(() => recommendations.use(usages)),
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
