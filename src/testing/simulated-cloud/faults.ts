import type { InputProblem } from "../../domain/input-problem.js";
import { didYouMean, refuse } from "../../domain/options.js";
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

type KindsOf<Fault extends { readonly kind: string }> = Readonly<Record<Fault["kind"], true>>;

const PURCHASE_KINDS: KindsOf<PurchaseFault> = {
  none: true,
  "lost-reply": true,
  "lost-request": true,
  "late-landing": true,
  throttled: true,
  rejected: true,
  split: true,
  "lands-as": true,
  "odd-answer": true,
  throws: true,
  hangs: true,
};

const CALL_KINDS: KindsOf<Exclude<CallFault, boolean>> = {
  none: true,
  fails: true,
  throws: true,
  "odd-answer": true,
  hangs: true,
};

const CALLS: Readonly<Record<HarmlessCall, true>> = { lookup: true, inventory: true, prepare: true, label: true };

/** Refuses scripts with a fault that is none. A misspelt fault would strike nothing, and a test would prove nothing. */
export function checkScripts({ purchases, lookups, inventories, prepares, labels }: SimulatedFaults): void {
  refuse([
    ...scriptProblems("faults.purchases", purchases, PURCHASE_KINDS),
    ...Object.entries({ lookups, inventories, prepares, labels }).flatMap(([name, script]) =>
      scriptProblems(`faults.${name}`, script, CALL_KINDS),
    ),
  ]);
}

/** Refuses what is no fault of a purchase. */
export const checkPurchaseFault = (fault: PurchaseFault): void => refuse(faultProblems("fault", fault, PURCHASE_KINDS));

/** Refuses what is no fault of a call, and a call that no fault can strike. */
export const checkCallFault = (call: HarmlessCall, fault: CallFault): void =>
  refuse([...oneOfProblems("call", call, CALLS), ...faultProblems("fault", fault, CALL_KINDS)]);

const scriptProblems = (
  path: string,
  script: readonly (PurchaseFault | CallFault)[] | undefined,
  kinds: Readonly<Record<string, true>>,
): readonly InputProblem[] =>
  (script ?? []).flatMap((fault, index) => faultProblems(`${path}[${index}]`, fault, kinds));

const faultProblems = (
  path: string,
  fault: PurchaseFault | CallFault,
  kinds: Readonly<Record<string, true>>,
): readonly InputProblem[] => {
  const isSwitch = typeof fault === "boolean" && kinds === CALL_KINDS;
  return isSwitch ? [] : oneOfProblems(`${path}.kind`, Reflect.get(Object(fault), "kind"), kinds);
};

function oneOfProblems(path: string, name: unknown, known: Readonly<Record<string, true>>): readonly InputProblem[] {
  if (typeof name === "string" && Object.hasOwn(known, name)) return [];
  const names = Object.keys(known);
  return [{ path, problem: `must be one of ${names.join(", ")}${didYouMean(String(name), names)}` }];
}
