import Big from "big.js";
import * as z from "zod/mini";
import type { Money } from "../../../domain/money.js";
import type { ReportedFigures } from "../../../domain/recommendation.js";
import { durationMs, durationSchema, wholeSchema } from "./proto-time.js";

const moneySchema = z.object({
  currencyCode: z.nullish(z.string()),
  units: z.nullish(wholeSchema),
  nanos: z.nullish(z.int()),
});

/** An `Impact` of the Recommender, as far as it is about cost. */
export const impactSchema = z.object({
  costProjection: z.nullish(
    z.object({
      cost: z.nullish(moneySchema),
      costInLocalCurrency: z.nullish(moneySchema),
      duration: z.nullish(durationSchema),
    }),
  ),
});

const MONTH_MS = 30 * 86_400_000;

/**
 * What an impact says a commitment saves, for 30 days.
 *
 * A negative cost is a saving over the duration that goes with it (`CostProjection` of google.cloud.recommender.v1). The
 * currency of the billing account is preferred where Google states the cost in it.
 */
export function figuresOf(impact: z.infer<typeof impactSchema> | null | undefined): ReportedFigures {
  const { cost, costInLocalCurrency, duration } = impact?.costProjection ?? {};
  const stated = costInLocalCurrency ?? cost;
  const spanMs = duration == null ? 0 : durationMs(duration);
  if (stated == null || spanMs <= 0) return {};
  const monthlySavings = savingOf(stated, spanMs);
  return monthlySavings === undefined ? {} : { monthlySavings };
}

function savingOf({ currencyCode, units, nanos }: z.infer<typeof moneySchema>, spanMs: number): Money | undefined {
  const saved = new Big(units ?? 0).plus(new Big(nanos ?? 0).div(1_000_000_000)).times(-1);
  if (saved.lt(0) || !/^[A-Z]{3}$/.test(currencyCode ?? "")) return undefined;
  const amount = saved.times(MONTH_MS).div(spanMs).round(6, Big.roundHalfUp).toFixed();
  return { amount, currency: currencyCode ?? "" };
}
