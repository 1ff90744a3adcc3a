import { deterministicId } from "../../deterministic-id.js";
import type { CommitmentRecommendation } from "./commitment-recommendation.js";

const REGION = /^[a-z]+-[a-z]+\d{1,2}$/;

/** What every project is recommended in every region, always under the same ids. */
export function seededRecommendations(project: string, region: string): CommitmentRecommendation[] {
  if (!REGION.test(region)) return [];
  const idOf = (what: string) => deterministicId(`recommendation:${project}:${region}:${what}`);
  return [
    {
      project,
      region,
      recommendationId: idOf("e2"),
      plan: "TWELVE_MONTH",
      type: "GENERAL_PURPOSE_E2",
      resources: [
        { type: "VCPU", amount: "4" },
        { type: "MEMORY", amount: "16384" },
      ],
      monthlySaving: "29.85",
    },
    {
      project,
      region,
      recommendationId: idOf("n2"),
      plan: "THIRTY_SIX_MONTH",
      type: "GENERAL_PURPOSE_N2",
      resources: [
        { type: "VCPU", amount: "16" },
        { type: "MEMORY", amount: "65536" },
      ],
      monthlySaving: "302.4",
      algorithm: "BREAK_EVEN_POINT",
      priority: "P2",
    },
  ];
}
