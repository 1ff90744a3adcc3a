import { checkKeys, type KeysOf } from "../../domain/options.js";
import type { Sighting } from "../../providers/commitment-provider.js";

/** What happens to one purchase request, in the order in which requests are sent. */
export type PurchaseFault =
  /** It lands and the reply arrives. */
  | { readonly kind: "none" }
  /** It lands and the reply is lost. */
  | { readonly kind: "lost-reply" }
  /** It never lands, and nobody learns it. */
  | { readonly kind: "lost-request" }
  /** The reply is lost and the request lands after `ms`, if its lifetime allows. */
  | { readonly kind: "late-landing"; readonly ms: number }
  /** The cloud says "not now" before doing anything. */
  | { readonly kind: "throttled" }
  /** The cloud refuses. */
  | { readonly kind: "rejected" }
  /** It lands as several commitments, as where it crosses a volume tier. */
  | { readonly kind: "split" }
  /** It lands in this state, and the reply says so. */
  | { readonly kind: "lands-as"; readonly sighting: Sighting }
  /** The provider answers this, whatever it is. Use answers that say nothing definite: a provider that lies cannot be survived. */
  | { readonly kind: "odd-answer"; readonly outcome: unknown; readonly lands: boolean }
  /** The provider throws this, whatever it is. */
  | { readonly kind: "throws"; readonly thrown: unknown; readonly lands: boolean }
  /** The provider never answers, and does not heed the signal. */
  | { readonly kind: "hangs"; readonly lands: boolean };

/** What happens to one call that moves no money. `true` is short for `fails`, `false` for `none`. */
export type CallFault =
  | boolean
  | { readonly kind: "none" }
  /** It throws, as where the cloud cannot be asked. */
  | { readonly kind: "fails" }
  /** It throws this, whatever it is. */
  | { readonly kind: "throws"; readonly thrown: unknown }
  /** It answers this, whatever it is, and has no effect. */
  | { readonly kind: "odd-answer"; readonly answer: unknown }
  /** It never answers, does not heed the signal, and has no effect. */
  | { readonly kind: "hangs" };

/** The calls of a provider that move no money. */
export type HarmlessCall = "lookup" | "inventory" | "prepare" | "label";

/** What a simulated cloud, or the provider that reaches it, can be told to do wrong. */
export interface SimulatedFaults {
  /** One per purchase request, then `none` for ever. */
  readonly purchases?: readonly PurchaseFault[];
  /** One per lookup; also one per inventory, and under contract `none` per preparation, where these have no own script. */
  readonly lookups?: readonly CallFault[];
  /** One per inventory call, instead of those of `lookups`. */
  readonly inventories?: readonly CallFault[];
  /** One per preparation, instead of those of `lookups`. */
  readonly prepares?: readonly CallFault[];
  /** One per label call. */
  readonly labels?: readonly CallFault[];
  /** One per commitment: how long listings do not show it, at most the visibility lag of the contract it was bought under. */
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
  /** Has a call that moves no money meet its fault; where there is none, answers what the cloud answers. */
  meet<Answer>(call: HarmlessCall, answer: () => Answer): Promise<Answer>;
  strike(fault: PurchaseFault): void;
  strikeCall(call: HarmlessCall, fault: CallFault): void;
  /** Drops what is still to come, apart from the lags, which are the cloud's nature. */
  heal(): void;
}

type ScriptOfCalls = "lookups" | "inventories" | "prepares" | "labels";

/**
 * Plays scripts of faults, each from its beginning; what is struck in between comes first. `looksToPrepare` says that a
 * preparation lists commitments, so that it fails as lookups do.
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
      // That is the point of it: whatever this is, the port does not know it.
      return fault.answer as Answer;
    case "hangs":
      return new Promise<never>(() => {});
  }
}
