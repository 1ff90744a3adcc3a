import type { EpochMs } from "../domain/clock.js";
import type { Limit } from "../domain/limit.js";

export type { Limit, LimitScope } from "../domain/limit.js";

/** A limit as it is stored. */
export interface StoredLimit extends Required<Limit> {
  /** The same for all definitions under which the same is counted. Only `max` may differ. */
  readonly countKey: string;
}

/** All limits that hold at a time. */
export interface LimitSet {
  /** The same for equal sets. */
  readonly fingerprint: string;
  readonly limits: readonly StoredLimit[];
}

/** A new set of limits, who sets it, and why. */
export interface LimitChange {
  readonly set: LimitSet;
  /** The fingerprint of the set that it replaces. Null if none was ever stored. */
  readonly replaces: string | null;
  readonly changedBy: string;
  readonly reason: string;
}

/** `differs`: another set is stored than the change replaces, or the one that it brings. Null if there is none. */
export type LimitChangeResult =
  | { readonly kind: "stored" }
  | { readonly kind: "differs"; readonly fingerprint: string | null };

/** What a limit has counted in the period of now, in exact decimals of the currency of `max`. */
export interface LimitUse {
  readonly limit: StoredLimit;
  /** `2027-03-31`, `2027-03`, `2027`, or the start of a span in milliseconds since 1970. */
  readonly period: string;
  /** What was bought. */
  readonly used: string;
  /** What is approved and may still be bought. */
  readonly held: string;
  /** The part of `used` that nothing was held for: a charge above its hold, or a purchase found after its hold ended. */
  readonly overrun: string;
}

/** Who set limits, why and when. */
interface LimitDecision {
  readonly changedBy: string;
  readonly reason: string;
  readonly changedAt: EpochMs;
}

/** A set of limits that holds or held. */
export interface PastLimits extends LimitSet, LimitDecision {}

/** The limits that hold, with who set them. */
export interface LimitsInForce extends LimitDecision {
  readonly fingerprint: string;
  readonly uses: readonly LimitUse[];
}

/** A limit that an approval does not fit in. */
export interface ExceededLimit {
  readonly limit: string;
  readonly period: string;
  readonly max: string;
  readonly currency: string;
  readonly used: string;
  readonly held: string;
  /** What the approval would hold. */
  readonly asked: string;
}

/** A line whose price cannot be counted in a limit: it is in another currency, or unreadable. */
export interface UncountedLine {
  readonly limit: string;
  readonly lineIndex: number;
}
