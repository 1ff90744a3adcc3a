import type { CommitmentRecommendation } from "./commitment-recommendation.js";

/** The one recommender of commitments that has something to recommend here. */
export const COMMITMENT_RECOMMENDER = "google.compute.commitment.UsageCommitmentRecommender";

/** The kind of its recommendations. */
export const RECOMMENDER_SUBTYPE = "PROJECT_SCOPED_COMMITMENTS";

const STATES = { ACTIVE: 1, SUCCEEDED: 3, FAILED: 4, DISMISSED: 5, CLAIMED: 6 } as const;
const PRIORITIES = { P4: 1, P3: 2, P2: 3, P1: 4 } as const;
const CATEGORIES = { COST: 1 } as const;

/** A state the API knows. */
export type RecommendationState = keyof typeof STATES;

/** A recommendation between two changes. */
export interface Recommendation {
  /** The full name, with the number of the project. */
  readonly name: string;
  readonly content: CommitmentRecommendation;
  readonly refreshedAt: number;
  readonly state: RecommendationState;
  readonly stateMetadata: Readonly<Record<string, string>>;
  /** With its own double quotes. */
  readonly etag: string;
}

/** The priority of the recommendation. */
export function priorityOf({ content }: Recommendation): keyof typeof PRIORITIES {
  return content.priority ?? "P4";
}

/** The full name of what the recommendation is about. */
export function targetOf({ content }: Recommendation): string {
  return `//compute.googleapis.com/projects/${content.project}/regions/${content.region}/commitments/${nameFor(content)}`;
}

/** The recommendation as the API shows it, with enums as numbers if that was asked for. */
export function recommendationJson(recommendation: Recommendation, numericEnums: boolean): object {
  const { name, content, refreshedAt, state, stateMetadata, etag } = recommendation;
  const priority = priorityOf(recommendation);
  return {
    name,
    description: `Purchase a ${content.type} commitment in ${content.region} to save cost.`,
    lastRefreshTime: new Date(refreshedAt).toISOString(),
    recommenderSubtype: RECOMMENDER_SUBTYPE,
    priority: numericEnums ? PRIORITIES[priority] : priority,
    primaryImpact: {
      category: numericEnums ? CATEGORIES.COST : "COST",
      costProjection: { cost: saving(content.monthlySaving), duration: `${30 * 24 * 3600}s` },
    },
    content: contentJson(recommendation),
    stateInfo: {
      state: numericEnums ? STATES[state] : state,
      ...(Object.keys(stateMetadata).length > 0 && { stateMetadata }),
    },
    etag,
    ...(content.xorGroupId !== undefined && { xorGroupId: content.xorGroupId }),
  };
}

function contentJson(recommendation: Recommendation): object {
  const { algorithm = "LOW_WATERMARK", plan, type, resources } = recommendation.content;
  const operation = {
    action: "add",
    resourceType: "compute.googleapis.com/Commitment",
    resource: targetOf(recommendation),
    path: "/",
    value: { name: nameFor(recommendation.content), plan, type, resources },
  };
  return { overview: { algorithm }, operationGroups: [{ operations: [operation] }] };
}

/** The name that the recommendation proposes for the commitment. */
function nameFor({ recommendationId }: CommitmentRecommendation): string {
  return `commitment-${recommendationId.slice(0, 8).toLowerCase()}`;
}

/** A saving is a negative cost. */
function saving(amount: string) {
  const [units = "0", fraction = ""] = amount.split(".");
  const nanos = Number(fraction.padEnd(9, "0"));
  return { currencyCode: "USD", units: String(-Number(units)), ...(nanos > 0 && { nanos: -nanos }) };
}
