import type { Limit } from "../../domain/limit.js";
import { fingerprint } from "../../idempotency/fingerprint.js";
import type { LimitSet, StoredLimit } from "../../store-port/limits.js";
import { completeLimit } from "./limit-schema.js";

/** The set of limits with its fingerprint, which does not depend on the order of the limits. */
export function limitSet(limits: readonly Limit[]): LimitSet {
  const stored = limits.map(storedLimit).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { fingerprint: fingerprint(stored), limits: stored };
}

/**
 * A limit with the key under which it counts. A limit with another `max` goes on with the same count. With any other
 * change it begins a new one, because what was counted before is something else.
 */
function storedLimit(limit: Limit): StoredLimit {
  const complete = completeLimit(limit);
  const { max, ...counted } = complete;
  return { ...complete, countKey: fingerprint({ ...counted, currency: max.currency }) };
}
