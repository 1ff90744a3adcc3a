import type { EffectFault } from "./fault.js";

/** A call that faults of effect may strike. */
export interface StruckCall {
  /** The simulator's time at which the call is processed. */
  readonly now: number;
  readonly effects: readonly EffectFault[];
}

/** The fault of this kind that strikes the call, if one does. */
export function effectOf<Kind extends EffectFault["kind"]>(
  { effects }: StruckCall,
  kind: Kind,
): Extract<EffectFault, { kind: Kind }> | undefined {
  return effects.find((fault): fault is Extract<EffectFault, { kind: Kind }> => fault.kind === kind);
}

/** Whether the listing is struck by `repeat-page-token`. */
export function repeatsPageToken(call: StruckCall): boolean {
  return effectOf(call, "repeat-page-token") !== undefined;
}

/** The time as of which a listing answers: now, or earlier if the call is struck by `stale-listing`. */
export function listedAsOf(call: StruckCall): number {
  return call.now - (effectOf(call, "stale-listing")?.ms ?? 0);
}
