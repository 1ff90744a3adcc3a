import type { ExecutionStore } from "../src/store-port/execution-store.js";
import { changeOf, created, moved } from "../src/testing/store-contract/steps.js";
import { medianRatio } from "./rounds.js";

const ROWS = 512;

/** The two statuses that rows are moved between. */
export type Flipped = "pending" | "paused";

/** Moves one execution. */
type Move = (id: string, from: Flipped, to: Flipped) => unknown;

/**
 * What a status transition costs over a bare UPDATE of the same rows, which does nothing but to compare and swap the status.
 *
 * The transition also writes the audit event, and returns the whole execution with its line. `calls`: the rows of a round.
 */
export async function transitionRatio(store: ExecutionStore, bareUpdate: Move, calls: number): Promise<number> {
  const ids: string[] = [];
  for (let row = 0; row < ROWS; row += 1) ids.push((await created(store, { status: "pending" })).id);
  const transition: Move = (id, from, to) => moved(store, changeOf({ id }, { guard: { status: [from] }, status: to }));
  const chosen = ids.slice(0, calls);
  return await medianRatio(
    () => thereAndBack(chosen, transition),
    () => thereAndBack(chosen, bareUpdate),
  );
}

/** Moves every row there and back, so that the next round finds the rows unchanged. */
async function thereAndBack(ids: readonly string[], move: Move): Promise<void> {
  for (const id of ids) {
    await move(id, "pending", "paused");
    await move(id, "paused", "pending");
  }
}
