import { checkKeys, type KeysOf } from "../../domain/options.js";
import {
  type CallFault,
  checkCallFault,
  checkPurchaseFault,
  checkScripts,
  type HarmlessCall,
  type PurchaseFault,
  type SimulatedFaults,
} from "./faults.js";

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
 * `looksToPrepare` says that a preparation lists commitments. It then fails as lookups do. A fault that is none is refused
 * with `INVALID_REQUEST`.
 */
export function faultScripts(initial: SimulatedFaults, looksToPrepare: boolean): FaultScripts {
  checkKeys("faults", initial, KNOWN);
  checkScripts(initial);
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
      checkPurchaseFault(fault);
      struck = [...struck, fault];
    },
    strikeCall(call, fault) {
      checkCallFault(call, fault);
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
