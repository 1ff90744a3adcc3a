import type { PortHooks } from "../../../src/testing/crashing-store.js";

/** Thrown by a store call that did not have its effect, or whose answer was lost; the worker lives on. */
export class StoreFault extends Error {
  override readonly name = "StoreFault";
}

/** Where a store fails: at the points before and after its calls, counted from 1. */
export interface FaultPlan {
  readonly failsAt: readonly number[];
  /** What passed at each point, such as `after commit`. */
  readonly trace: readonly string[];
  readonly hooks: PortHooks;
}

/** A plan for one store. */
export function faultPlan(failsAt: readonly number[]): FaultPlan {
  const trace: string[] = [];
  const point = async (where: string) => {
    trace.push(where);
    if (failsAt.includes(trace.length)) throw new StoreFault(`the store failed at point ${trace.length} (${where})`);
  };
  return {
    failsAt,
    trace,
    hooks: { before: (call) => point(`before ${call}`), after: (call) => point(`after ${call}`) },
  };
}

/**
 * Plays every single fault and every two faults, each in a world of its own; returns how many worlds were played.
 *
 * An `Error` names the points of the world that failed, with the failed check as its cause.
 */
export async function exploreFaults(play: (plan: FaultPlan) => Promise<void>): Promise<number> {
  let worlds = 0;
  const playAt = async (...failsAt: number[]): Promise<number> => {
    const plan = faultPlan(failsAt);
    worlds += 1;
    await play(plan).catch((cause: unknown) => {
      const places = failsAt.map((point) => `${point} (${plan.trace[point - 1]})`);
      throw new Error(`a store that fails at ${places.join(" and ") || "no point"}: ${String(cause)}`, { cause });
    });
    return plan.trace.length;
  };
  const points = await playAt();
  for (let first = 1; first <= points; first += 1) {
    const pointsThen = await playAt(first);
    for (let second = first + 1; second <= pointsThen; second += 1) await playAt(first, second);
  }
  return worlds;
}
