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

/** An answer without the fields that the call's `leave-out` names, wherever they stand in it. */
export function withoutLeftOut(answer: object, call: StruckCall): object {
  const { fields = [] } = effectOf(call, "leave-out") ?? {};
  return fields.length === 0 ? answer : (without(answer, fields) as object);
}

function without(value: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((member) => without(member, fields));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !fields.includes(name));
  return Object.fromEntries(kept.map(([name, member]) => [name, without(member, fields)]));
}
