import type { Rejection } from "../domain/evidence.js";

/** What is known of a refusal by its code alone. */
export type RefusalFacts = Pick<Rejection, "persistent" | "hint">;

/** Codes by which a cloud refuses a purchase, with what is known of each of them. */
export interface RefusalGroup extends RefusalFacts {
  readonly codes: readonly string[];
}

/** The refusals of one cloud, by their codes. A code that is not in it refuses nothing. */
export type Refusals = ReadonlyMap<string, RefusalFacts>;

/** A cloud's refusals, from groups of codes that have the same facts. */
export const refusalsOf = (...groups: readonly RefusalGroup[]): Refusals =>
  new Map(groups.flatMap(({ codes, ...facts }) => codes.map((code) => [code, facts] as const)));
