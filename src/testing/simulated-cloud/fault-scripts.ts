import { checkKeys, type KeysOf } from "../../domain/options.js";
import type { Sighting } from "../../providers/commitment-provider.js";

/** What happens to one purchase request, in the order in which requests are sent. */
export type PurchaseFault =
  /** It lands and the reply arrives. */
  | { readonly kind: "none" }
  /** It lands and the reply is lost. */
  | { readonly kind: "lost-reply" }
  /** It never lands, and no reply comes. */
  | { readonly kind: "lost-request" }
  /** The reply is lost and the request lands after `ms`, if its lifetime allows. */
  | { readonly kind: "late-landing"; readonly ms: number }
  /** The cloud says "not now" before doing anything. */
  | { readonly kind: "throttled" }
  /** The cloud refuses. */
  | { readonly kind: "rejected" }
  /** It lands as several commitments, as a purchase does that crosses a volume tier. */
  | { readonly kind: "split" }
  /** It lands in this state, and the reply says so. */
  | { readonly kind: "lands-as"; readonly sighting: Sighting }
  /** The provider answers with any value. Use values that state nothing definite: no engine survives a lie. */
  | { readonly kind: "odd-answer"; readonly outcome: unknown; readonly lands: boolean }
  /** The provider throws any value. */
  | { readonly kind: "throws"; readonly thrown: unknown; readonly lands: boolean }
  /** The provider never answers, and does not heed the signal. */
  | { readonly kind: "hangs"; readonly lands: boolean };

/** The fault of one call that moves no money. `true` is short for `fails`, `false` for `none`. */
export type CallFault =
  | boolean
  | { readonly kind: "none" }
  /** It throws, as if the cloud could not be reached. */
  | { readonly kind: "fails" }
  /** It throws any value. */
  | { readonly kind: "throws"; readonly thrown: unknown }
  /** It answers with any value, and has no effect. */
  | { readonly kind: "odd-answer"; readonly answer: unknown }
  /** It never answers, does not heed the signal, and has no effect. */
  | { readonly kind: "hangs" };

/** The calls of a provider that move no money. */
export type HarmlessCall = "lookup" | "inventory" | "prepare" | "label";

/** Scripts of faults for a simulated cloud and for the provider that reaches it. */
export interface SimulatedFaults {
  /** One fault per purchase request, then `none` for ever. */
  readonly purchases?: readonly PurchaseFault[];
  /**
   * One fault per lookup.
   *
   * `inventory` calls without a script of their own use this one too. Under contract `none`, so do `prepare` calls.
   */
  readonly lookups?: readonly CallFault[];
  /** One fault per inventory call, instead of the faults of `lookups`. */
  readonly inventories?: readonly CallFault[];
  /** One fault per preparation, instead of the faults of `lookups`. */
  readonly prepares?: readonly CallFault[];
  /** One fault per label call. */
  readonly labels?: readonly CallFault[];
  /** How long listings hide each commitment, but never for longer than the visibility lag of its contract. */
  readonly listingLagsMs?: readonly number[];
}

const KNOWN: KeysOf<SimulatedFaults> = {
  purchases: true,
  lookups: true,
  inventories: true,
  prepares: true,
  labels: true,
  listingLagsMs: true,
};

/** The faults that are still to come. */
export interface FaultScripts {
  nextPurchase(): PurchaseFault;
  /** The lag of the next commitment. */
  nextLagMs(): number;
  /** Lets a call that moves no money meet its next fault. Without a fault, it answers what the cloud answers. */
  meet<Answer>(call: HarmlessCall, answer: () => Answer): Promise<Answer>;
  strike(fault: PurchaseFault): void;
  strikeCall(call: HarmlessCall, fault: CallFault): void;
  /** Drops the faults that are still to come. The lags stay: they belong to the cloud. */
  heal(): void;
}

type ScriptOfCalls = "lookups" | "inventories" | "prepares" | "labels";

/**
 * Plays scripts of faults, each from its beginning. A fault that is struck in between comes first.
 *
 * `looksToPrepare` says that a preparation lists commitments. It then fails as lookups do.
 */
export function faultScripts(initial: SimulatedFaults, looksToPrepare: boolean): FaultScripts {
  checkKeys("faults", initial, KNOWN);
  let faults = { ...initial };
  let struck: readonly PurchaseFault[] = [];
  let struckCalls: readonly { readonly call: HarmlessCall; readonly fault: CallFault }[] = [];
  const played = { purchases: 0, lookups: 0, inventories: 0, prepares: 0, labels: 0, listingLagsMs: 0 };

  const next = <One>(name: keyof typeof played, script: readonly One[] | undefined): One | undefined => {
    played[name] += 1;
    return script?.[played[name] - 1];
  };

  const scriptOf = (call: HarmlessCall): ScriptOfCalls | undefined => {
    if (call === "label") return "labels";
    if (call === "inventory" && faults.inventories !== undefined) return "inventories";
    if (call === "prepare" && faults.prepares !== undefined) return "prepares";
    return call === "prepare" && !looksToPrepare ? undefined : "lookups";
  };

  const nextOf = (call: HarmlessCall): CallFault => {
    const first = struckCalls.find((one) => one.call === call);
    struckCalls = struckCalls.filter((one) => one !== first);
    if (first !== undefined) return first.fault;
    const script = scriptOf(call);
    return (script && next(script, faults[script])) ?? { kind: "none" };
  };

  return {
    nextPurchase() {
      const [first, ...others] = struck;
      struck = others;
      return first ?? next("purchases", faults.purchases) ?? { kind: "none" };
    },
    nextLagMs: () => next("listingLagsMs", faults.listingLagsMs) ?? 0,
    meet: async (call, answer) => met(call, nextOf(call), answer),
    strike(fault) {
      struck = [...struck, fault];
    },
    strikeCall(call, fault) {
      struckCalls = [...struckCalls, { call, fault }];
    },
    heal() {
      struck = [];
      struckCalls = [];
      faults = { ...(faults.listingLagsMs && { listingLagsMs: faults.listingLagsMs }) };
    },
  };
}

function met<Answer>(call: HarmlessCall, fault: CallFault, answer: () => Answer): Answer | Promise<Answer> {
  if (fault === false) return answer();
  if (fault === true) throw new Error(`simulated ${call} failure`);
  switch (fault.kind) {
    case "none":
      return answer();
    case "fails":
      throw new Error(`simulated ${call} failure`);
    case "throws":
      throw fault.thrown;
    case "odd-answer":
      // The cast is wanted: this fault answers with values that the port does not know.
      return fault.answer as Answer;
    case "hangs":
      return new Promise<never>(() => {});
  }
}
