import { isDeepStrictEqual } from "node:util";
import { invalidArgument } from "../domain/input-problem.js";
import { didYouMean } from "../domain/options.js";
import { type DeliveryFault, EFFECT_KINDS, type EffectFault, type Fault } from "./fault.js";
import { readFault } from "./read-fault.js";

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
  /**
   * Adds a fault; it strikes the next `times` matching calls, after those added before it.
   *
   * Throws `INVALID_REQUEST` for what is no fault, and for an operation that the simulator does not have: no call would
   * ever meet such a fault.
   */
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

/** Hands out the planned faults, each as often as it was asked for. */
export class FaultPlan {
  readonly #operations: () => readonly string[];
  #planned: Planned[] = [];

  /** `operations` names the operations that a fault can strike. */
  constructor(operations: () => readonly string[]) {
    this.#operations = operations;
  }

  /** Throws `INVALID_REQUEST` for what is not a fault, or strikes an operation that does not exist. */
  add(given: Fault): void {
    const fault = readFault(structuredClone(given));
    const operations = this.#operations();
    if (!operations.includes(fault.operation)) throw unknownOperation(fault.operation, operations);
    this.#planned.push({ fault, left: fault.times ?? 1 });
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
  return EFFECT_KINDS.has(fault.kind);
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

function unknownOperation(operation: string, known: readonly string[]) {
  const problem = `"${operation}" is no operation of this simulator${didYouMean(operation, known)}`;
  return invalidArgument("fault.operation", problem);
}
