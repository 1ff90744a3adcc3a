import * as z from "zod/mini";
import { checked } from "../../../domain/checked.js";
import { GCP_COMMITMENT_TYPES } from "../../../domain/commitment-request/gcp-commitment-types.js";

/** A commitment that Google recommends to a project. */
export interface CommitmentRecommendation {
  /** The id of the project. */
  readonly project: string;
  readonly region: string;
  /** The last part of the recommendation's name. */
  readonly recommendationId: string;
  readonly plan: "TWELVE_MONTH" | "THIRTY_SIX_MONTH";
  /** The commitment type, such as `GENERAL_PURPOSE_E2`. */
  readonly type: string;
  /** Amounts as the insert takes them: memory in MB. */
  readonly resources: readonly {
    readonly type: "VCPU" | "MEMORY" | "LOCAL_SSD" | "ACCELERATOR";
    readonly amount: string;
    readonly acceleratorType?: string | undefined;
  }[];
  /** What it saves in 30 days, in USD, as a decimal text such as `29.85`. */
  readonly monthlySaving: string;
  /** Default `LOW_WATERMARK`. */
  readonly algorithm?: "LOW_WATERMARK" | "BREAK_EVEN_POINT" | undefined;
  /** Default `P4`. */
  readonly priority?: "P1" | "P2" | "P3" | "P4" | undefined;
  /** Only one recommendation of such a group is meant to be followed. */
  readonly xorGroupId?: string | undefined;
}

export const commitmentRecommendationSchema: z.ZodMiniType<CommitmentRecommendation> = z.strictObject({
  project: z.string().check(z.minLength(1)),
  region: z.string().check(z.minLength(1)),
  recommendationId: z.string().check(z.regex(/^[\w.-]+$/, "must be one part of a name")),
  plan: z.enum(["TWELVE_MONTH", "THIRTY_SIX_MONTH"]),
  type: z.enum(GCP_COMMITMENT_TYPES),
  resources: z
    .array(
      z.strictObject({
        type: z.enum(["VCPU", "MEMORY", "LOCAL_SSD", "ACCELERATOR"]),
        amount: z.string().check(z.regex(/^\d{1,18}$/, "must be a whole number")),
        acceleratorType: z.optional(z.string()),
      }),
    )
    .check(z.minLength(1)),
  monthlySaving: z.string().check(z.regex(/^\d{1,12}(\.\d{1,9})?$/, "must be a decimal number")),
  algorithm: z.optional(z.enum(["LOW_WATERMARK", "BREAK_EVEN_POINT"])),
  priority: z.optional(z.enum(["P1", "P2", "P3", "P4"])),
  xorGroupId: z.optional(z.string()),
});

/** A copy of the recommendation. Throws `TypeError` for a value that is no recommendation. */
export function parseRecommendation(recommendation: CommitmentRecommendation): CommitmentRecommendation {
  const parsed = checked(commitmentRecommendationSchema, structuredClone(recommendation));
  if (!parsed.success) throw new TypeError(`not a recommendation: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
