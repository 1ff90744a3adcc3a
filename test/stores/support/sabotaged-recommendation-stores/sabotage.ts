import { setImmediate as otherWork } from "node:timers/promises";
import type { Clock } from "../../../../src/domain/clock.js";
import type { RecommendationStore } from "../../../../src/store-port/recommendation-store.js";
import { memoryRecommendationStore } from "../../../../src/stores/memory/memory-recommendation-store.js";

/** A store with one fault, and the case of the contract that must notice. */
export interface RecommendationSabotage {
  /** Completes "a store that ...". */
  readonly fault: string;
  readonly noticedBy: string;
  build(clock: Clock): RecommendationStore;
}

type Build = RecommendationSabotage["build"];

/** More than any case stores. */
export const EVERYTHING = 1_000_000;

/** The store that sabotages start from. */
export const correctStore = (clock: Clock): RecommendationStore => memoryRecommendationStore({ clock });

/** A correct store with some of its calls replaced. */
export const withFault =
  (fault: (correct: RecommendationStore, clock: Clock) => Partial<RecommendationStore>): Build =>
  (clock) => {
    const correct = correctStore(clock);
    return { ...correct, ...fault(correct, clock) };
  };

/** Who has the mark of a scope. */
export const ownerIn = async (store: RecommendationStore, scope: string): Promise<string | undefined> =>
  (await store.state(scope)).running?.owner;

/** Acts in the name of whoever has the mark, if anybody has. */
export async function asAnyOwner<Run extends { readonly scope: string; readonly owner: string }>(
  store: RecommendationStore,
  run: Run,
  act: (run: Run) => Promise<boolean>,
): Promise<boolean> {
  const owner = await ownerIn(store, run.scope);
  return owner === undefined ? false : act({ ...run, owner });
}

/** Looks who has the mark, and acts later: others act in between. */
export async function checkedFirst<Run extends { readonly scope: string; readonly owner: string }>(
  store: RecommendationStore,
  run: Run,
  act: (run: Run) => Promise<boolean>,
): Promise<boolean> {
  if ((await ownerIn(store, run.scope)) !== run.owner) return false;
  for (let wait = 0; wait < 3; wait += 1) await otherWork();
  return asAnyOwner(store, run, act);
}

/** Acts, and says the contrary of what a store must say. */
export const saying =
  (answer: boolean) =>
  async (acted: Promise<boolean>): Promise<boolean> => {
    await acted;
    return answer;
  };
