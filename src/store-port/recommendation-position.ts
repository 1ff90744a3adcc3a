import type { Recommendation } from "../domain/recommendation.js";

/**
 * Text that orders as the recommendations do: by source, account, region, service and key. The blank orders before every
 * visible character.
 */
export const positionOf = ({
  source,
  account,
  region,
  service,
  key,
}: Pick<Recommendation, "source" | "account" | "region" | "service" | "key">): string =>
  [source, account, region, service, key].join(" ");
