import { isDeepStrictEqual } from "node:util";
import { checked } from "../domain/checked.js";
import { type DeliveryFault, type EffectFault, effectFaultSchema, type Fault, faultSchema } from "./fault.js";

/** The properties of a call by which a fault is aimed. */
export interface FaultTarget {
  readonly operation: string;
  readonly service: string;
  readonly account: string;
  readonly region: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The faults that strike one call. */
export interface FaultsOfCall {
  readonly delivery?: DeliveryFault;
  readonly effects: readonly EffectFault[];
}

/** The faults still to come, in the order they were added. */
export interface FaultInjection {
  /** Adds a fault; it strikes the next `times` matching calls, after those added before it. */
  add(fault: Fault): Promise<void>;
  /** Forgets every fault that has not struck yet. */
  clear(): Promise<void>;
  /** Copies of the faults still to come, with the strikes left in `times`. */
  pending(): Promise<Fault[]>;
}

interface Planned {
  readonly fault: Fault;
  left: number;
}

const effectKinds: ReadonlySet<string> = new Set(
  effectFaultSchema.def.options.flatMap(({ shape }) => shape.kind.def.values),
);

/** Hands out the planned faults, each as often as it was asked for. */
export class FaultPlan {
  #planned: Planned[] = [];

  /** Throws `TypeError` for what is not a fault. */
  add(fault: Fault): void {
    const parsed = checked(faultSchema, structuredClone(fault));
    if (!parsed.success) throw new TypeError(`not a fault: ${inWords(parsed.error.issues)}`);
    this.#planned.push({ fault: parsed.data, left: parsed.data.times ?? 1 });
  }

  clear(): void {
    this.#planned = [];
  }

  pending(): Fault[] {
    return this.#planned.map(({ fault, left }) => structuredClone({ ...fault, times: left }));
  }

  /** Takes the faults of this call out of the plan: the first of delivery, and the first of each kind of effect. */
  take(target: FaultTarget): FaultsOfCall {
    const taken = new Map<string, Planned>();
    for (const planned of this.#planned) {
      const slot = isEffect(planned.fault) ? planned.fault.kind : "delivery";
      if (!taken.has(slot) && strikes(planned.fault, target)) taken.set(slot, planned);
    }
    for (const planned of taken.values()) planned.left -= 1;
    this.#planned = this.#planned.filter((planned) => planned.left > 0);
    return sortOut([...taken.values()].map((planned) => planned.fault));
  }
}

function sortOut(faults: Fault[]): FaultsOfCall {
  const delivery = faults.find((fault): fault is DeliveryFault => !isEffect(fault));
  return { ...(delivery && { delivery }), effects: faults.filter(isEffect) };
}

function isEffect(fault: Fault): fault is EffectFault {
  return effectKinds.has(fault.kind);
}

function strikes({ operation, match = {} }: Fault, target: FaultTarget): boolean {
  if (operation !== target.operation) return false;
  if (match.service !== undefined && match.service !== target.service) return false;
  if (match.account !== undefined && match.account !== target.account) return false;
  if (match.region !== undefined && match.region !== target.region) return false;
  return Object.entries(match.params ?? {}).every(([name, wanted]) => sameValue(wanted, target.params[name]));
}

function sameValue(wanted: unknown, actual: unknown): boolean {
  if (typeof wanted === "object" || actual === undefined) return isDeepStrictEqual(wanted, actual);
  return String(wanted) === String(actual);
}

const inWords = (issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string =>
  issues.map(({ path, message }) => [...path.map(String), message].join(" ")).join("; ");
