import type { ReportedRecommendation } from "../domain/recommendation.js";
import { fingerprint } from "../idempotency/fingerprint.js";

/** Who reported a recommendation. */
export interface Reporter {
  readonly source: string;
  readonly askedAccount: string;
}

/** The natural key of a recommendation: what it is about, without its size, its price and the time. */
export function recommendationKey({ source, askedAccount }: Reporter, reported: ReportedRecommendation): string {
  const { service, account, region, term, payment, lookbackDays, variant, subject } = reported;
  return fingerprint({
    ...{ source, askedAccount, service, account, region },
    ...{ term, payment, lookbackDays, variant, subject },
  });
}

/** The same for recommendations of which one is bought: for what they cover, however it is paid and computed. */
export const alternativesKey = ({ service, account, region, subject }: ReportedRecommendation): string =>
  fingerprint({ service, account, region, subject });
