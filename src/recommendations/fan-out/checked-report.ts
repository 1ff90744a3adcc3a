import * as z from "zod/mini";
import { checked } from "../../domain/checked.js";
import { parseCommitmentRequests } from "../../domain/commitment-request/commitment-request.js";
import { ALL_TERMS, PAYMENTS } from "../../domain/commitment-request/common.js";
import { decimalSchema, moneySchema } from "../../domain/money.js";
import { once } from "../../domain/once.js";
import { type Recommendation, type ReportedRecommendation, withAnyPrice } from "../../domain/recommendation.js";
import { nonBlankSchema } from "../../domain/text.js";
import { type Reporter, recommendationKey } from "../recommendation-key.js";

const figuresSchema = once(() =>
  z.strictObject({
    upfront: z.optional(moneySchema()),
    recurringMonthly: z.optional(moneySchema()),
    monthlySavings: z.optional(moneySchema()),
    savingsPercent: z.optional(decimalSchema()),
    onDemandMonthly: z.optional(moneySchema()),
    breakEvenMonths: z.optional(decimalSchema()),
  }),
);

const offerSchema = once(() =>
  z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("line"),
      line: z.record(z.string(), z.unknown()),
      unitPrices: z.array(z.strictObject({ term: z.enum(ALL_TERMS), payment: z.enum(PAYMENTS), price: moneySchema() })),
    }),
    z.strictObject({ kind: z.literal("not_purchasable"), reason: nonBlankSchema() }),
  ]),
);

const reportSchema = once(() =>
  z.strictObject({
    service: nonBlankSchema(),
    account: nonBlankSchema(),
    region: nonBlankSchema(),
    term: z.nullable(z.enum(ALL_TERMS)),
    payment: z.enum(PAYMENTS),
    lookbackDays: z.nullable(z.int().check(z.gte(1))),
    subject: z.record(z.string(), z.union([z.string(), z.boolean()])),
    variant: z.nullable(nonBlankSchema()),
    title: nonBlankSchema(),
    offer: offerSchema(),
    figures: figuresSchema(),
    generatedAt: z.nullable(z.int()),
    evidence: z.record(z.string(), z.unknown()),
  }),
);

/**
 * What a source reports, checked and copied, with its natural key: sources may be anybody's.
 *
 * Throws for a report that is not of the documented shape, or whose line no provider could take.
 */
export function checkedReport(reporter: Reporter, given: ReportedRecommendation): Recommendation {
  // What JSON does not hold cannot be stored.
  const reported = JSON.parse(JSON.stringify(given)) as ReportedRecommendation;
  const result = checked<unknown>(reportSchema(), reported);
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new Error(`${reporter.source} reported something else than a recommendation: ${faults.join("; ")}`);
  }
  if (reported.offer.kind === "line") parseCommitmentRequests([withAnyPrice(reported.offer.line)]);
  return { ...reported, ...reporter, key: recommendationKey(reporter, reported) };
}
