import type { ReportedRecommendation } from "../../../domain/recommendation.js";
import { nonBlankSchema } from "../../../domain/text.js";
import type { GoogleRecommendation } from "./google-recommendation.js";

/** The kind of almost all recommendations, which therefore needs no mention. */
const USUAL_SUBTYPE = "PROJECT_SCOPED_COMMITMENTS";

/** What every recommendation of Google says alike. Commitments are paid monthly. */
export function commonReport(
  recommendation: GoogleRecommendation,
): Pick<
  ReportedRecommendation,
  "payment" | "lookbackDays" | "variant" | "figures" | "generatedAt" | "evidence" | "title" | "subject"
> {
  const { id, description, subtype, algorithm, figures, refreshedAt, evidence } = recommendation;
  const ways = [algorithm, subtype === USUAL_SUBTYPE ? "" : subtype].filter(Boolean);
  return {
    payment: "no_upfront",
    lookbackDays: null,
    variant: ways.length === 0 ? null : ways.join(" "),
    figures,
    generatedAt: refreshedAt,
    evidence,
    title: nonBlankSchema().safeParse(description).success ? description : `recommendation ${id}`,
    // Where nothing else is known of it, its name tells it from others. Google refreshes a recommendation under its name.
    subject: { recommendation: id },
  };
}

/** Why there is no line, in a sentence about a recommendation. */
export const notPurchasable = (reason: string): { readonly kind: "not_purchasable"; readonly reason: string } => ({
  kind: "not_purchasable",
  reason,
});
