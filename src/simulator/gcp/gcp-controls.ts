import * as z from "zod";
import { COMMON_CONTROLS, type ControlTable } from "../control-surface.js";
import type { ConnectedGcpSimulator } from "./gcp-simulator.js";
import { commitmentRecommendationSchema } from "./recommender/commitment-recommendation.js";

const place = z.strictObject({ project: z.string(), region: z.string() });
const added = z.strictObject({ added: z.array(commitmentRecommendationSchema) });
const touched = z.strictObject({ name: z.string() });
const claimed = z.strictObject({ name: z.string(), by: z.string() });

/** The controls of a simulated Google Cloud. */
export const GCP_CONTROLS: ControlTable<ConnectedGcpSimulator> = {
  ...COMMON_CONTROLS,
  "POST recommendations/list": ({ recommendations }, body) => {
    const { project, region } = place.parse(body);
    return recommendations.list(project, region);
  },
  "POST recommendations": ({ recommendations }, body) => recommendations.add(...added.parse(body).added),
  "POST recommendations/touch": ({ recommendations }, body) => recommendations.touch(touched.parse(body).name),
  "POST recommendations/claim": ({ recommendations }, body) => {
    const { name, by } = claimed.parse(body);
    return recommendations.claim(name, by);
  },
};
