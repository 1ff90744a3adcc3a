import { fingerprint } from "../idempotency/fingerprint.js";

/** What no service counts as covered: how a line is paid for, for how long, how much of it, and what belongs to the line. */
const HOW_BOUGHT: readonly string[] = [
  "payment",
  "term",
  "quantity",
  "expectedPrice",
  "priceTolerancePercent",
  "allowOverlap",
  "holdMs",
];

/**
 * The key of what a request covers: all of its attributes, apart from how it is bought and from `besides`.
 *
 * Requests of one account and region that cover the same have the same key. A service names in `besides` what else says
 * how its commitments are bought, not what they cover.
 */
export function needKeyWithout<Request extends object>(
  request: Request,
  besides: readonly (keyof Request & string)[] = [],
): string {
  const left: readonly string[] = [...HOW_BOUGHT, ...besides];
  return fingerprint(Object.fromEntries(Object.entries(request).filter(([name]) => !left.includes(name))));
}
